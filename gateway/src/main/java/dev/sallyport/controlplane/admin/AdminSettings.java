package dev.sallyport.controlplane.admin;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the admin listener listens and to whom.
///
/// @param bind  address and port; port 0 for any free one
/// @param readToken for those who may look and change nothing; null for nobody
/// @param hosts names that `Host` may have besides `localhost` and IP addresses (threat AD-05)
public record AdminSettings(
        InetSocketAddress bind, AdminToken token, @Nullable AdminToken readToken, List<String> hosts) {
    public AdminSettings {
        hosts = List.copyOf(hosts);
    }
}
