/// The authenticator `jwt`: start reading at `Jwt`.
@NullMarked
package dev.sallyport.extension.authn.jwt;

import org.jspecify.annotations.NullMarked;
