/// What of received text may be written down. Start with `ReceivedText`, which writes fields; `JsonRedaction` writes
/// bodies.
@NullMarked
package dev.sallyport.extension.observe.redact;

import org.jspecify.annotations.NullMarked;
