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
    private final InstantSource clock = this::now;
    private final SharedState state;
    private final Path folder;
    private volatile Instant now;

    public FakeServices() {
        this(Path.of("does-not-exist"));
    }

    /// Of a process that starts at `time`.
    public FakeServices(Instant time) {
        this(Path.of("does-not-exist"), time);
    }

    /// @param folder for what survives a restart
    public FakeServices(Path folder) {
        this(folder, Instant.parse("2026-01-01T00:00:00Z"));
    }

    /// With a state that lasts longer, of a process that starts at `time`.
    public FakeServices(Path folder, Instant time, SharedState state) {
        this.folder = folder;
        this.now = time;
        this.state = state;
    }

    private FakeServices(Path folder, Instant time) {
        this.folder = folder;
        this.now = time;
        this.state = new MemoryState(clock);
    }

    private Instant now() {
        return now;
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
