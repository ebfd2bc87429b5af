package dev.sallyport.testing;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Services between whose changes of the state something happens, such as that time goes by.
///
/// @param services for everything
/// @param step before each change
public record SteppingServices(Services services, Runnable step) implements Services, SharedState {
    @Override
    public SharedState state() {
        return this;
    }

    @Override
    public Executor blocking() {
        return services.blocking();
    }

    @Override
    public InstantSource clock() {
        return services.clock();
    }

    @Override
    public Path folder() {
        return services.folder();
    }

    @Override
    public Instant completeSince() {
        return services.state().completeSince();
    }

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        return services.state().mark(space, owner, key, until);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return services.state().get(space, key);
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        step.run();
        return services.state().replace(space, key, expected, next, until);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        return services.state().all(space);
    }
}
