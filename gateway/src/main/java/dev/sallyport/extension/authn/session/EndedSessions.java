package dev.sallyport.extension.authn.session;

import dev.sallyport.api.state.SharedState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Which sessions were ended of late, for what goes on after it was let in, such as a long response. New requests find
/// their session gone by themselves. What was ended here is known at once, what was ended by another node after two
/// seconds.
public final class EndedSessions {
    private static final long LOOK_SECONDS = 2;
    /// How long all others have to see it.
    private static final Duration SHARED = Duration.ofMinutes(1);
    private static final byte[] MARK = {1};

    private final SharedState state;
    private final String space;
    private final Executor looking;
    private final InstantSource clock;
    private final long keepMillis;
    private final Map<String, Long> until = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param longest  how long a session may live
    /// @param blocking where shared state is asked
    public EndedSessions(SharedState state, String space, Duration longest, Executor blocking, InstantSource clock) {
        this.state = state;
        this.space = space;
        this.clock = clock;
        this.keepMillis = longest.toMillis();
        this.looking = CompletableFuture.delayedExecutor(LOOK_SECONDS, TimeUnit.SECONDS, blocking);
    }

    /// Whether the session with this public id was ended; any thread, without waiting.
    public boolean contains(String publicId) {
        return until.containsKey(publicId);
    }

    void add(String publicId) {
        keep(publicId);
        state.replace(space, publicId, null, MARK, SHARED);
    }

    private void keep(String publicId) {
        until.putIfAbsent(publicId, clock.millis() + keepMillis);
    }

    /// Looks for what others ended, from now on until [#close()].
    public void start() {
        looking.execute(this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        long now = clock.millis();
        until.values().removeIf(end -> end <= now);
        // when it cannot be asked now, it is asked the next time
        state.all(space)
                .thenAccept(ended -> ended.keySet().forEach(this::keep))
                .whenComplete((done, failure) -> start());
    }

    public void close() {
        closed = true;
    }
}
