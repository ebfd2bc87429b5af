package dev.sallyport.api.plugin;

import java.util.concurrent.CompletionStage;

/// An extension that works between requests too: fetches keys, watches files. Made without side effects (a
/// configuration may only be validated), started when its configuration is about to be used, closed when it is no
/// longer.
public interface LongLived extends AutoCloseable {
    /// Begins. Requests may come before the stage is done, and also when it failed or took too long: what cannot be
    /// decided yet is refused with 503. Called once, on a thread that may block, though it should not.
    CompletionStage<?> start();

    /// Ends; called once, after which requests may still come for a moment.
    @Override
    void close();
}
