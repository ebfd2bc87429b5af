/// Compiles who may use what: roles and grants once, then the access rule of each route. `AccessCompiler` is where to
/// start.
@NullMarked
package dev.sallyport.controlplane.compile.access;

import org.jspecify.annotations.NullMarked;
