/// What operators see and do of conduct: `BehaviourEndpoints` offers it at the admin listener.
@NullMarked
package dev.sallyport.controlplane.behaviour;

import org.jspecify.annotations.NullMarked;
