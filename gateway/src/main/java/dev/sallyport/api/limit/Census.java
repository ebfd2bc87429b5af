package dev.sallyport.api.limit;

/// How full the counters of one layer are.
///
/// @param keys       that are counted now, about
/// @param room       for how many there is room, 0 for no bound
/// @param overflowed requests that were counted with others because there was no room for their key
public record Census(long keys, long room, long overflowed) {}
