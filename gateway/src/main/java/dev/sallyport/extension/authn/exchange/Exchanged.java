package dev.sallyport.extension.authn.exchange;

/// What became of a token that was to be exchanged.
sealed interface Exchanged {
    /// A lifetime that was not told.
    long UNKNOWN = -1;

    /// Another was issued.
    ///
    /// @param fieldValue  of `Authorization`
    /// @param lifeSeconds how long it counts, or [#UNKNOWN]
    record Issued(String fieldValue, long lifeSeconds) implements Exchanged {
        /// Without the token.
        @Override
        public String toString() {
            return "Issued for " + lifeSeconds + " s";
        }
    }

    /// The server will not exchange it (RFC 8693 §2.2.2).
    record Denied() implements Exchanged {}
}
