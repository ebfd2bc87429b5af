/// Signs tokens with keys that stand in files: `ProvingKey`. The gateway's own keys, which it makes and rotates, are
/// elsewhere.
@NullMarked
package dev.sallyport.extension.authn.jose.sign;

import org.jspecify.annotations.NullMarked;
