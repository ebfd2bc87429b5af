/// Whether who shows a token is the one it was made for, and how tokens are refused: what all authenticators that take
/// tokens share. Start at `Senders`.
@NullMarked
package dev.sallyport.extension.authn.sender;

import org.jspecify.annotations.NullMarked;
