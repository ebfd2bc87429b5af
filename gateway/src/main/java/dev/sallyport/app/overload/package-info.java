/// Watches over how much the gateway and its upstreams have to do, from outside of the event loops: `PressureWatch`.
@NullMarked
package dev.sallyport.app.overload;

import org.jspecify.annotations.NullMarked;
