/// Makes principals of what credentials claim.
@NullMarked
package dev.sallyport.extension.authn.principal;

import org.jspecify.annotations.NullMarked;
