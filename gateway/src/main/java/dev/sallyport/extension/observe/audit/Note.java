package dev.sallyport.extension.observe.audit;

import org.jspecify.annotations.Nullable;

/// Something to be recorded that is no request: an event of the process, what an operator did.
///
/// @param code          the kind of entry
/// @param epochMillis   when it happened
/// @param keysAndValues in turn; numbers and truth values stay what they are, anything else is text
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Note(String code, long epochMillis, @Nullable Object[] keysAndValues) {
    static Note now(String code, @Nullable Object... keysAndValues) {
        return new Note(code, System.currentTimeMillis(), keysAndValues);
    }
}
