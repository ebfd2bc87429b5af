package dev.sallyport.controlplane.reload;

/// Gets the next configuration ready without touching what is in use.
@FunctionalInterface
public interface ConfigLoader {
    /// Reads, compiles, and acquires what the next configuration needs. Called by one thread at a time; may block.
    ///
    /// @param sequence of the version that it would be
    Candidate load(long sequence);
}
