/// What PEM files hold (RFC 7468): certificates and private keys, in the forms that tools write. A leaf; reads no
/// files.
@NullMarked
package dev.sallyport.api.pem;

import org.jspecify.annotations.NullMarked;
