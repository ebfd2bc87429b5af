package dev.sallyport.api.http;

/// A spelling in a path that parsers disagree about. Refused with 400 unless the matched route allows it by name.
public enum PathAmbiguity {
    /// `%2F`, kept as written and part of its segment.
    ENCODED_SLASH,
    /// `;`, kept as part of its segment.
    SEMICOLON,
    /// `//`, kept as an empty segment.
    EMPTY_SEGMENT;

    /// This spelling's bit in a set of spellings.
    @SuppressWarnings("EnumOrdinal") // never stored or sent
    public int bit() {
        return 1 << ordinal();
    }
}
