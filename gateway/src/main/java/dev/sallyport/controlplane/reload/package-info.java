/// Taking a changed configuration into use: whole or not at all, by one writer. Start with `Reloader`.
@NullMarked
package dev.sallyport.controlplane.reload;

import org.jspecify.annotations.NullMarked;
