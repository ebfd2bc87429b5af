/// Where signatures are checked: `VerificationPool`, off the event loops, bounded and fair.
@NullMarked
package dev.sallyport.extension.authn.jose.pool;

import org.jspecify.annotations.NullMarked;
