package dev.sallyport.extension.authn.session;

import dev.sallyport.api.state.SharedState;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads sessions for requests, on event loops: asks shared state every time, so that one that was ended is gone, but
/// opens and understands a record only when it is another than last time.
///
/// @param <T> what a session is understood as
public final class SessionReader<T> {
    private static final int REMEMBERED = 10_000;

    private final SharedState state;
    private final String space;
    private final SealingKeys keys;
    private final Function<Session, @Nullable T> understand;
    private final Map<String, Read<T>> remembered = new ConcurrentHashMap<>();

    /// @param understand makes of a session what requests need; null for one that no longer counts
    public SessionReader(SharedState state, String space, SealingKeys keys, Function<Session, @Nullable T> understand) {
        this.state = state;
        this.space = space;
        this.keys = keys;
        this.understand = understand;
    }

    /// A session that was read.
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Read<T>(byte[] sealed, Session session, T understood) {}

    /// The session that `id` is of, or null. The stage fails when the store cannot be asked.
    public CompletionStage<@Nullable Read<T>> read(Token id) {
        String key = id.hash();
        return state.get(space, key).thenCompose(octets -> read(id, key, octets));
    }

    private CompletionStage<@Nullable Read<T>> read(Token id, String key, byte @Nullable [] sealed) {
        if (sealed == null) {
            remembered.remove(key);
            return CompletableFuture.completedStage(null);
        }
        Read<T> before = remembered.get(key);
        if (before != null && Arrays.equals(before.sealed, sealed)) {
            return CompletableFuture.completedStage(before);
        }
        Sealer sealer = keys.sealer();
        // a session that another gateway began may be sealed with a key that it made
        return sealer != null && sealer.knows(sealed)
                ? CompletableFuture.completedStage(opened(id, key, sealed, sealer))
                : keys.learn().thenApply(learnt -> opened(id, key, sealed, learnt));
    }

    private @Nullable Read<T> opened(Token id, String key, byte[] sealed, Sealer sealer) {
        byte[] plain = sealer.open(id.secret(), sealed);
        Session session = plain == null ? null : Session.decoded(plain);
        T understood = session == null ? null : understand.apply(session);
        if (session == null || understood == null) {
            return null;
        }
        if (remembered.size() >= REMEMBERED) {
            remembered.clear();
        }
        Read<T> read = new Read<>(sealed, session, understood);
        remembered.put(key, read);
        return read;
    }
}
