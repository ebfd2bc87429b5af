package dev.sallyport.telemetry;

/// Something that counts and can be asked for its figures; asked on a scraping thread, never on an event loop.
@FunctionalInterface
public interface MetricSource {
    /// States every series this source has.
    void collect(MetricSink sink);
}
