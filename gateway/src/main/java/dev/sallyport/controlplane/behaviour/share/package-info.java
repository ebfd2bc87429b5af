/// What gateways tell each other about conduct: bans, refusals and pardons of whole keys, not scores. Begin with
/// `SharedVerdicts`, which reads and writes the store again and again; `VerdictBook` says what of it counts.
@NullMarked
package dev.sallyport.controlplane.behaviour.share;

import org.jspecify.annotations.NullMarked;
