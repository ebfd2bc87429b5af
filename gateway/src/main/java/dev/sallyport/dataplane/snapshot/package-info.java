/// What a compiled configuration looks like to the data plane: routes and their table. Immutable. Start with
/// `GatewaySnapshot`.
@NullMarked
package dev.sallyport.dataplane.snapshot;

import org.jspecify.annotations.NullMarked;
