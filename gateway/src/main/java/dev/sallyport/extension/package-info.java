/// Built-in extensions, one package per kind; a kind sees `api` and `telemetry`, never another kind. Start at the
/// catalogue, which lists them all.
@NullMarked
package dev.sallyport.extension;

import org.jspecify.annotations.NullMarked;
