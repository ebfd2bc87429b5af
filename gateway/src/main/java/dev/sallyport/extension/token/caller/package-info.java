/// What is made of a caller once and used again for its next requests. Start with `CallerTable`.
@NullMarked
package dev.sallyport.extension.token.caller;

import org.jspecify.annotations.NullMarked;
