/// Connections to endpoints, one class per protocol, and how they are made. Start with `Connector`.
@NullMarked
package dev.sallyport.dataplane.upstream;

import org.jspecify.annotations.NullMarked;
