/// TLS for listeners and upstreams: contexts, certificates by name, ticket keys.
@NullMarked
package dev.sallyport.dataplane.tls;

import org.jspecify.annotations.NullMarked;
