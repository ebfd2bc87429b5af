/// What compilers find wrong with a configuration, each at its place.
@NullMarked
package dev.sallyport.controlplane.compile.findings;

import org.jspecify.annotations.NullMarked;
