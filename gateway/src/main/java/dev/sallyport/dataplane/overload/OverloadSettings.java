package dev.sallyport.dataplane.overload;

/// From when on the gateway itself has too much to do.
///
/// @param requests       served at once, over all loops
/// @param loopLag        how late event loops may be on average, in nanoseconds
/// @param memoryPermille how full the heap may be after it was cleaned, or direct memory, in thousandths
public record OverloadSettings(int requests, long loopLag, int memoryPermille) {
    /// Nothing is ever too much.
    public static final OverloadSettings NONE = new OverloadSettings(Integer.MAX_VALUE, Long.MAX_VALUE, 1000);
}
