/// From an admitted exchange to an endpoint and back: `Forwarder`, `Upstream`, pools. Start with `Forwarder`.
@NullMarked
package dev.sallyport.dataplane.forward;

import org.jspecify.annotations.NullMarked;
