/// Opens encrypted tokens: `Decryption`. Being encrypted proves nothing about who made a token.
@NullMarked
package dev.sallyport.extension.authn.jose.decrypt;

import org.jspecify.annotations.NullMarked;
