/// Asks identity providers over HTTP, with bounds on everything they may answer.
@NullMarked
package dev.sallyport.extension.authn.fetch;

import org.jspecify.annotations.NullMarked;
