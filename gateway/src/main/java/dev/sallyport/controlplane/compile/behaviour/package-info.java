/// Compiles what is configured of conduct: `BuiltBehaviour`.
@NullMarked
package dev.sallyport.controlplane.compile.behaviour;

import org.jspecify.annotations.NullMarked;
