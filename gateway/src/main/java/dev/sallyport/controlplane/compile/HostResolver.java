package dev.sallyport.controlplane.compile;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Looks up host names; may block.
@FunctionalInterface
public interface HostResolver {
    /// What the operating system says.
    HostResolver SYSTEM = InetAddress::getByName;

    /// An address of `host`, which may be an address itself.
    InetAddress resolve(String host) throws UnknownHostException;
}
