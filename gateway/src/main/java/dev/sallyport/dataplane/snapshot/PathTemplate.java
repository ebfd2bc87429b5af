package dev.sallyport.dataplane.snapshot;

/// A path pattern: literal segments, `{name}` for one segment, a last `/**` for any rest, the empty one included.
public record PathTemplate(String text) {}
