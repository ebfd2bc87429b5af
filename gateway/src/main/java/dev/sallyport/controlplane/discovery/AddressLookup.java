package dev.sallyport.controlplane.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Looks up all addresses of a host; may block.
@FunctionalInterface
public interface AddressLookup {
    /// What the operating system says.
    AddressLookup SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /// The addresses of `host`, which may be an address itself.
    List<InetAddress> of(String host) throws UnknownHostException;
}
