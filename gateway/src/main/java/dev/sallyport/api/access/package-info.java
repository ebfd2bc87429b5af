/// The contracts of admission: `Authenticator` proves who calls, `Authorizer` says whether the caller may.
@NullMarked
package dev.sallyport.api.access;

import org.jspecify.annotations.NullMarked;
