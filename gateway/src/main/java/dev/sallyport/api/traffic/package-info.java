/// The contracts of traffic: `LoadBalancer` picks one `Endpoint`; `Priority` says who goes first when not all can.
@NullMarked
package dev.sallyport.api.traffic;

import org.jspecify.annotations.NullMarked;
