package dev.sallyport.testing;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Services whose state notes for whom room is taken.
///
/// @param services for everything
/// @param owners   of marks, in their order
public record NotingServices(Services services, List<String> owners) implements Services, SharedState {
    public static NotingServices of(Services services) {
        return new NotingServices(services, new CopyOnWriteArrayList<>());
    }

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
        owners.add(owner);
        return services.state().mark(space, owner, key, until);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        return services.state().get(space, key);
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        return services.state().replace(space, key, expected, next, until);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        return services.state().all(space);
    }
}
