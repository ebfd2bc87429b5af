package dev.sallyport.extension.authn.session;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sessions of one authenticator in shared state: begun, found, renewed, ended. Every change names what it
/// changes, so that of two at the same moment one is tried again, and one that was ended meanwhile stays ended.
///
/// Waits for shared state; requests read it by [SessionReader].
@OffLoop("virtual threads")
public final class Sessions {
    private final SharedState state;
    private final String space;
    private final SealingKeys keys;
    private final SessionIndex index;
    private final EndedSessions ended;
    private final InstantSource clock;

    /// @param space   of the shared state; others begin with its name
    /// @param longest how long a session may live
    /// @param ended   told of every session that is ended
    public Sessions(
            SharedState state,
            String space,
            Duration longest,
            SealingKeys keys,
            EndedSessions ended,
            InstantSource clock) {
        this.ended = ended;
        this.state = state;
        this.space = space;
        this.keys = keys;
        this.clock = clock;
        this.index = new SessionIndex(state, space + ":index", longest.plusHours(1));
    }

    /// A session as it was found.
    ///
    /// @param id     what the browser keeps
    /// @param sealed as the store has it
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    public record Found(Token id, byte[] sealed, Session session) {}

    /// Stores a new session under a new id.
    ///
    /// @throws IOException the keys cannot be had
    public Token begin(Session session) throws IOException {
        Token id = Token.random();
        SessionIndex.Entry entry = new SessionIndex.Entry(id.hash(), session.publicId());
        List<SessionIndex.Entry> gone = new ArrayList<>(index.add("sub", session.subject(), entry));
        if (!session.sid().isEmpty()) {
            gone.addAll(index.add("sid", session.sid(), entry));
        }
        byte[] sealed = keys.ready().seal(id.secret(), session.encoded());
        if (!Waiting.on(state.replace(space, id.hash(), null, sealed, left(session)))) {
            throw new IllegalStateException("no room for sessions");
        }
        gone.forEach(this::remove);
        return id;
    }

    /// The session that `id` is of, or null.
    ///
    /// @throws IOException the keys cannot be had
    public @Nullable Found find(Token id) throws IOException {
        byte[] sealed = Waiting.on(state.get(space, id.hash()));
        byte[] plain = sealed == null ? null : keys.readyFor(sealed).open(id.secret(), sealed);
        Session session = plain == null ? null : Session.decoded(plain);
        return sealed == null || session == null ? null : new Found(id, sealed, session);
    }

    /// Replaces what was found by `next`; false when it is another by now, or gone.
    ///
    /// @throws IOException the keys cannot be had
    public boolean replace(Found found, Session next) throws IOException {
        byte[] sealed = keys.ready().seal(found.id.secret(), next.encoded());
        return Waiting.on(state.replace(space, found.id.hash(), found.sealed, sealed, left(next)));
    }

    /// Ends a session.
    public void end(Found found) {
        Session session = found.session;
        remove(new SessionIndex.Entry(found.id.hash(), session.publicId()));
        index.remove("sub", session.subject(), found.id.hash());
        if (!session.sid().isEmpty()) {
            index.remove("sid", session.sid(), found.id.hash());
        }
    }

    /// Ends every session of a subject (`kind` is `sub`) or of a session of the provider (`sid`); gives their public
    /// ids.
    public List<String> endAll(String kind, String name) {
        List<String> gone = new ArrayList<>();
        for (SessionIndex.Entry entry : index.take(kind, name)) {
            if (remove(entry)) {
                gone.add(entry.publicId());
            }
        }
        return gone;
    }

    private boolean remove(SessionIndex.Entry entry) {
        while (true) {
            byte[] current = Waiting.on(state.get(space, entry.key()));
            if (current == null) {
                return false;
            }
            if (Waiting.on(state.replace(space, entry.key(), current, null, Duration.ofSeconds(1)))) {
                ended.add(entry.publicId());
                return true;
            }
        }
    }

    private Duration left(Session session) {
        long seconds = session.times().ends() - clock.millis() / 1000;
        return Duration.ofSeconds(Math.max(1, seconds));
    }
}
