package dev.sallyport.testing;

import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.state.MemoryState;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// Services for tests: a clock that stands until it is moved, state in memory that goes by it, tasks on threads of
/// their own.
public final class FakeServices implements Services {
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;
    private final SharedState state = new MemoryState(clock);
    private final Path folder;

    public FakeServices() {
        this(Path.of("does-not-exist"));
    }

    /// @param folder for what survives a restart
    public FakeServices(Path folder) {
        this.folder = folder;
    }

    /// Sets the clock.
    public void at(Instant time) {
        now = time;
    }

    @Override
    public SharedState state() {
        return state;
    }

    @Override
    public Executor blocking() {
        return Thread::startVirtualThread;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Path folder() {
        return folder;
    }
}
