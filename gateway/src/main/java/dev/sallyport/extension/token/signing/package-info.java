/// The gateway's own signing keys: made, stored, rotated and published here. Start with `SigningKeys`.
@NullMarked
package dev.sallyport.extension.token.signing;

import org.jspecify.annotations.NullMarked;
