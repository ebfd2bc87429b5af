/// `basic`: names and passwords (RFC 7617) of a users file, for small internal uses. `Basic` is where to start.
@NullMarked
package dev.sallyport.extension.authn.basic;

import org.jspecify.annotations.NullMarked;
