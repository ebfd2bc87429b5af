/// How a change of configuration files is noticed. Knows files, not what stands in them. Start with `FileWatch`.
@NullMarked
package dev.sallyport.controlplane.source;

import org.jspecify.annotations.NullMarked;
