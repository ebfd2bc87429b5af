package dev.sallyport.controlplane.admin;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Takes note of what operators do: of every request to the admin listener that changes something or tries to, and of
/// every one that is refused. On the thread of the request.
@FunctionalInterface
public interface AdminWitness {
    /// Takes note of a request that was answered.
    void saw(Act act);

    /// Looks away.
    AdminWitness NOBODY = _ -> {};

    /// A request and what became of it.
    ///
    /// @param peer     the other end of the socket
    /// @param identity who it was: [AdminRole#identity()], or `nobody` without a token
    /// @param path     undecoded
    /// @param query    undecoded, empty for none
    /// @param status   that it was answered with
    /// @param reason   the stable code of an error, or null
    record Act(
            InetSocketAddress peer,
            String identity,
            String method,
            String path,
            String query,
            int status,
            @Nullable String reason) {}
}
