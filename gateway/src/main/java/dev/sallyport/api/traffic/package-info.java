/// The contract of load balancing: `LoadBalancer` picks one `Endpoint`.
@NullMarked
package dev.sallyport.api.traffic;

import org.jspecify.annotations.NullMarked;
