/// Finds the addresses of upstreams by name, again and again, on virtual threads. Start with `NameDiscovery`.
@NullMarked
package dev.sallyport.controlplane.discovery;

import org.jspecify.annotations.NullMarked;
