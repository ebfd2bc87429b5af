/// Who may do what, worked out from a compiled configuration without a request: `AccessMatrix` is the whole of it, a
/// `Right` says under which circumstances, `AccessDiff` compares two. Nothing here is asked while requests are served,
/// and nothing is concluded from texts: the rules are read as the gateway judges by them.
@NullMarked
package dev.sallyport.controlplane.rights;

import org.jspecify.annotations.NullMarked;
