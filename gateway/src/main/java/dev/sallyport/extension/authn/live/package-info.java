/// Records that authenticators go by and that change while the gateway runs: read again and again off the event
/// loops, taken whole or not at all. `LiveStore` is where to start.
@NullMarked
package dev.sallyport.extension.authn.live;

import org.jspecify.annotations.NullMarked;
