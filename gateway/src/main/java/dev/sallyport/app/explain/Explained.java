package dev.sallyport.app.explain;

import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.api.exchange.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What would become of a request, and why.
///
/// @param route          that takes it, or null
/// @param others         routes that fit too, or all but, in the order in which they are tried
/// @param caller         who was proven or is assumed to be, or null
/// @param authenticators of the route, with what each says
/// @param rules          what the access rule looked at
/// @param policies       of the route, in their order
/// @param target         where it goes, or null
/// @param notes          what else is to be known
public record Explained(
        Result result,
        Request request,
        @Nullable TakenRoute route,
        List<OtherRoute> others,
        @Nullable Caller caller,
        List<Tried> authenticators,
        List<Finding> rules,
        List<PolicyStep> policies,
        @Nullable Target target,
        List<String> notes) {
    public Explained {
        others = List.copyOf(others);
        authenticators = List.copyOf(authenticators);
        rules = List.copyOf(rules);
        policies = List.copyOf(policies);
        notes = List.copyOf(notes);
    }

    /// How it ends.
    public enum Decision {
        /// It passes.
        ALLOWED,
        /// It does not.
        REFUSED,
        /// It does not, but is told how it could: sent to log in.
        CHALLENGED,
        /// It passes if policy servers allow it that were not asked.
        DEPENDS
    }

    /// How it ends, and by what.
    ///
    /// @param status     what the client gets, 0 where that is the upstream's to say
    /// @param reason     a stable code, empty when it passes
    /// @param told       the code that the client is told
    /// @param detail     the sentence that the client is told
    /// @param rule       the access rule that decided, empty for none
    /// @param shadowRule the first access rule in shadow mode that would refuse, empty for none
    public record Result(
            Decision decision, int status, String reason, String told, String detail, String rule, String shadowRule) {
        public boolean allowed() {
            return decision == Decision.ALLOWED;
        }
    }

    /// The request as the gateway understands it.
    ///
    /// @param path canonical, as sent where it is not understood
    public record Request(
            String method,
            String scheme,
            String authority,
            String path,
            @Nullable String query,
            String listener,
            String client,
            String config) {}

    /// The route that takes it.
    ///
    /// @param parameters names and values in turn
    public record TakenRoute(String name, String match, String access, List<String> parameters) {}

    /// A route that does not take it.
    ///
    /// @param lacking why not; empty where it would, if a more specific one did not
    public record OtherRoute(String name, String match, List<String> lacking) {}

    /// Who calls.
    ///
    /// @param inherited roles that come with the caller's own
    /// @param assumed   whether that was proven or is only assumed
    public record Caller(
            String id,
            String authenticator,
            @Nullable String tenant,
            List<String> roles,
            List<String> inherited,
            boolean assumed) {}

    /// An authenticator.
    ///
    /// @param said such as `no credential` or `proven`
    public record Tried(String name, String kind, String said) {}

    /// A policy.
    ///
    /// @param said such as `goes on`
    public record PolicyStep(String name, Phase phase, String said) {}

    /// Where it goes.
    ///
    /// @param upstream empty where the gateway answers itself
    /// @param target   path and query
    public record Target(String upstream, String target, String host) {}
}
