/// The part of the configuration that is about conduct; begin with `BehaviourConfig`.
@NullMarked
package dev.sallyport.controlplane.config.behaviour;

import org.jspecify.annotations.NullMarked;
