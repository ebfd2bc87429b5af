/// Ways for callers to prove who they are, one package each; what several of them need lies in packages of its own
/// beside them.
@NullMarked
package dev.sallyport.extension.authn;

import org.jspecify.annotations.NullMarked;
