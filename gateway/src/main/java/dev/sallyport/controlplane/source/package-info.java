/// Where configuration comes from, and how a change of it is noticed. Knows files, not what stands in them. Start with
/// `ConfigSource`.
@NullMarked
package dev.sallyport.controlplane.source;

import org.jspecify.annotations.NullMarked;
