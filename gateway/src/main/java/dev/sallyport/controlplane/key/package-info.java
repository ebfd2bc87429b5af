/// What operators see of keys and do with the gateway's own. Start with `KeyEndpoints`; what it asks is
/// `KeyOperation`.
@NullMarked
package dev.sallyport.controlplane.key;

import org.jspecify.annotations.NullMarked;
