/// What operators see and do of limits while they count: `LimitOperation` finds and forgets keys and states metrics,
/// `LimitEndpoints` offers it at the admin listener.
@NullMarked
package dev.sallyport.controlplane.limit;

import org.jspecify.annotations.NullMarked;
