package dev.sallyport.controlplane.admin;

import java.net.InetSocketAddress;
import java.util.List;

/// Where the admin listener listens and to whom.
///
/// @param bind  address and port; port 0 for any free one
/// @param hosts names that `Host` may have besides `localhost` and IP addresses (threat AD-05)
public record AdminSettings(InetSocketAddress bind, AdminToken token, List<String> hosts) {
    public AdminSettings {
        hosts = List.copyOf(hosts);
    }
}
