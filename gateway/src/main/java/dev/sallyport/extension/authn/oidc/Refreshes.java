package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.oidc.provider.IdTokenCheck;
import dev.sallyport.extension.authn.oidc.provider.LoginFailure;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.oidc.provider.Refused;
import dev.sallyport.extension.authn.oidc.provider.TokenResponse;
import dev.sallyport.extension.authn.session.Session;
import dev.sallyport.extension.authn.session.Sessions;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.extension.authn.session.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Renews sessions by their refresh tokens, which may be used once: in single flight per session, here by a map and
/// across nodes by a lock in shared state; what is new is stored before anything uses it (threat OA-10).
@OffLoop("virtual threads")
final class Refreshes {
    private static final Duration LOCKED = Duration.ofSeconds(20);
    /// How long nobody asks again when the provider did not answer.
    private static final Duration COOLDOWN = Duration.ofSeconds(2);
    private static final long LOOK_AGAIN_NANOS = 50_000_000;
    private static final int LOOKS = 200;

    private final Provider provider;
    private final IdTokenCheck check;
    private final Identity identity;
    private final Sessions sessions;
    private final SharedState state;
    private final String space;
    private final Ending ending;
    private final Executor blocking;
    private final InstantSource clock;
    private final Counts counts;
    private final Map<String, CompletableFuture<Outcome>> inFlight = new ConcurrentHashMap<>();
    private final Set<String> touching = ConcurrentHashMap.newKeySet();

    /// What became of a session.
    enum Outcome {
        /// It is good; read it again.
        GOOD,
        ENDED,
        /// The provider could not be asked.
        UNKNOWN
    }

    /// Told of sessions that end because they could not be renewed.
    interface Ending {
        void ended(Session session, String why);
    }

    /// What renewing works with.
    record Parts(Provider provider, IdTokenCheck check, Identity identity, Ending ending, Counts counts) {}

    /// @param space of the shared state, for locks
    Refreshes(Parts parts, Sessions sessions, SharedState state, String space, Executor blocking, InstantSource clock) {
        this.provider = parts.provider;
        this.check = parts.check;
        this.identity = parts.identity;
        this.ending = parts.ending;
        this.counts = parts.counts;
        this.sessions = sessions;
        this.state = state;
        this.space = space;
        this.blocking = blocking;
        this.clock = clock;
    }

    /// Has the session renewed; whoever asks meanwhile gets the same answer. Never waits.
    CompletableFuture<Outcome> refresh(Token id) {
        String key = id.hash();
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> others = inFlight.putIfAbsent(key, mine);
        if (others != null) {
            return others;
        }
        blocking.execute(() -> {
            try {
                Outcome outcome = renew(id);
                inFlight.remove(key);
                mine.complete(outcome);
            } catch (RuntimeException | Error bug) {
                inFlight.remove(key);
                mine.completeExceptionally(bug);
            }
        });
        return mine;
    }

    /// Notes that the session is in use. Never waits.
    void touch(Token id) {
        String key = id.hash();
        if (touching.add(key)) {
            blocking.execute(() -> {
                try {
                    Sessions.Found found = sessions.find(id);
                    if (found != null) {
                        // when somebody else changes it at this moment, it is in use all the same
                        sessions.replace(found, found.session().usedAt(now()));
                    }
                } catch (IOException | Waiting.StateException unknown) {
                    // noted with a later request
                } finally {
                    touching.remove(key);
                }
            });
        }
    }

    private Outcome renew(Token id) {
        byte[] mine = Token.random().text().getBytes(StandardCharsets.US_ASCII);
        try {
            for (int look = 0; look < LOOKS; look++) {
                Sessions.Found found = sessions.find(id);
                if (found == null) {
                    return Outcome.ENDED;
                }
                if (now() < found.session().times().refreshAt()) {
                    return Outcome.GOOD;
                }
                if (Waiting.on(state.replace(space, id.hash(), null, mine, LOCKED))) {
                    return renewLocked(id, mine);
                }
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
            return Outcome.UNKNOWN;
        } catch (IOException e) {
            return Outcome.UNKNOWN;
        }
    }

    private Outcome renewLocked(Token id, byte[] mine) throws IOException {
        Outcome outcome = Outcome.UNKNOWN;
        try {
            // between looking and locking another node may have finished
            Sessions.Found found = sessions.find(id);
            if (found == null) {
                outcome = Outcome.ENDED;
            } else if (now() < found.session().times().refreshAt()) {
                outcome = Outcome.GOOD;
            } else {
                outcome = renew(found);
            }
            return outcome;
        } finally {
            boolean again = outcome == Outcome.UNKNOWN;
            Waiting.on(state.replace(space, id.hash(), mine, again ? mine : null, again ? COOLDOWN : LOCKED));
        }
    }

    private Outcome renew(Sessions.Found found) throws IOException {
        Session session = found.session();
        try {
            return switch (provider.refresh(session.tokens().refresh())) {
                case Provider.Grant.Granted granted -> store(found, renewed(session, granted.tokens()));
                case Provider.Grant.Denied denied -> end(found, "the provider says " + denied.error());
                case Provider.Grant.Unknown _ -> unanswered();
            };
        } catch (LoginFailure e) {
            boolean unavailable = e.refusal().status() == 503;
            return unavailable ? unanswered() : end(found, String.valueOf(e.getMessage()));
        }
    }

    private Outcome unanswered() {
        counts.renewalsUnanswered.increment();
        return Outcome.UNKNOWN;
    }

    private Outcome end(Sessions.Found found, String why) {
        counts.renewalsRefused.increment();
        sessions.end(found);
        ending.ended(found.session(), why);
        return Outcome.ENDED;
    }

    private Session renewed(Session session, TokenResponse tokens) throws LoginFailure {
        String idToken = session.tokens().id();
        if (tokens.idToken() != null) {
            Claims before = Identity.claims(idToken);
            IdTokenCheck.Opened renewed = check.opened(tokens.idToken());
            check.refreshed(renewed, before, tokens.accessToken());
            idToken = renewed.text();
        }
        String more = provider.tellsMore() ? provider.userinfo(tokens.accessToken(), session.subject()) : "";
        // a provider that does not rotate leaves the old one good
        String refresh = tokens.refreshToken() == null ? session.tokens().refresh() : tokens.refreshToken();
        TokenResponse effective =
                new TokenResponse(tokens.accessToken(), refresh, tokens.idToken(), tokens.expiresIn());
        Session renewed = new Session(
                session.publicId(),
                session.subject(),
                session.sid(),
                Freshness.of(effective, session.times(), now()),
                new Session.Tokens(idToken, more, refresh));
        if (identity.of(renewed) == null) {
            throw new LoginFailure(Refused.IDENTITY, "the renewed claims name nobody");
        }
        return renewed;
    }

    /// Stores what was renewed, unless the session was ended meanwhile: then it stays so.
    private Outcome store(Sessions.Found found, Session renewed) throws IOException {
        Sessions.@Nullable Found current = found;
        while (current != null) {
            if (sessions.replace(current, renewed)) {
                counts.renewed.increment();
                return Outcome.GOOD;
            }
            current = sessions.find(found.id());
        }
        return Outcome.ENDED;
    }

    private long now() {
        return clock.millis() / 1000;
    }
}
