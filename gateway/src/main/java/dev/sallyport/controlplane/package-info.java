/// Everything off the hot path: reading the configuration, compiling it to a snapshot, reloading, administration.
/// Plain blocking code on virtual threads.
@NullMarked
package dev.sallyport.controlplane;

import org.jspecify.annotations.NullMarked;
