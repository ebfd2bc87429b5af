package dev.sallyport.extension.token.service;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Refresh tokens of one issuer. Each works once and gives the next; one that comes a second time ends its whole
/// family, since two hold it and one of them stole it (RFC 9700 §4.14, threat OA-10).
///
/// What they are worth is decided in the shared state, in one step for all nodes. Where that ends with the process, it
/// is kept in a journal so that a restart forgets nothing; where it does not, there is none, since other nodes would
/// not see it: a token that works no more could be made to work by one that did not hear of it. Blocks; all threads.
@OffLoop("virtual threads of the token service")
final class RefreshTokens {
    private static final String PREFIX = "sprt_";
    private static final int ID_OCTETS = 16;
    private static final int SECRET_OCTETS = 32;
    private static final int ID_LENGTH = 22;
    private static final int SECRET_LENGTH = 43;
    private static final Duration STATE_WITHIN = Duration.ofSeconds(2);
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Services services;
    private final Follows follows;
    private final EventLog log;
    private final String space;
    private final String file;
    private final SecureRandom random = new SecureRandom();
    private @Nullable RefreshJournal journal;

    /// What has to end with a family: access tokens that came with its refresh tokens.
    @FunctionalInterface
    interface Follows {
        void end(List<AccessTokens.Name> tokens, String client) throws OAuthException;
    }

    /// A token, and what it stands for.
    record Issued(String token, RefreshFamily family) {}

    /// Parts of a token that a client showed.
    private record Shown(String id, String secret) {
        static @Nullable Shown of(String token) {
            boolean form = token.length() == PREFIX.length() + ID_LENGTH + 1 + SECRET_LENGTH
                    && token.startsWith(PREFIX)
                    && token.charAt(PREFIX.length() + ID_LENGTH) == '.';
            return form
                    ? new Shown(
                            token.substring(PREFIX.length(), PREFIX.length() + ID_LENGTH),
                            token.substring(PREFIX.length() + ID_LENGTH + 1))
                    : null;
        }
    }

    RefreshTokens(String issuer, Services services, Follows follows, EventLog log) {
        String name = BASE64.encodeToString(Clients.sha256(issuer)).substring(0, 16);
        this.space = "token-service/" + name;
        this.file = "refresh-tokens-" + name + ".journal";
        this.services = services;
        this.follows = follows;
        this.log = log;
    }

    /// Whether `token` looks like a refresh token.
    static boolean isOne(String token) {
        return Shown.of(token) != null;
    }

    /// The first token of a new family.
    ///
    /// @param with the access token that comes with it
    /// @throws OAuthException there is no room, or it cannot be kept
    Issued begin(String client, String scope, Duration lifetime, AccessTokens.Name with) throws OAuthException {
        RefreshJournal kept = journal();
        String id = random(ID_OCTETS);
        String secret = random(SECRET_OCTETS);
        Instant expires = services.clock().instant().plus(lifetime);
        RefreshFamily family = new RefreshFamily(client, scope, expires, "", List.of())
                .next(Clients.sha256(secret), with, services.clock().instant());
        if (!replace(id, null, family)) {
            throw OAuthException.unavailable();
        }
        keep(kept, id, family);
        return new Issued(PREFIX + id + "." + secret, family);
    }

    /// The next token in the place of `token`, which works no more.
    ///
    /// @param with the access token that comes with it
    /// @throws OAuthException it does not work for `client`; when it did before, nothing of its family does from
    ///     now on
    Issued use(String token, String client, AccessTokens.Name with) throws OAuthException {
        RefreshJournal kept = journal();
        Shown shown = Shown.of(token);
        RefreshFamily family = shown == null ? null : find(shown.id);
        if (shown == null
                || family == null
                || family.revoked()
                || !family.client().equals(client)) {
            throw OAuthException.invalidGrant();
        }
        if (!family.expires().isAfter(services.clock().instant())) {
            throw OAuthException.invalidGrant();
        }
        String secret = random(SECRET_OCTETS);
        RefreshFamily next =
                family.next(Clients.sha256(secret), with, services.clock().instant());
        if (!works(shown, family) || !replaced(shown.id, family, next)) {
            log.event(Event.REFRESH_TOKEN_REUSED, "client", client);
            revoke(kept, shown.id);
            throw OAuthException.invalidGrant();
        }
        keep(kept, shown.id, next);
        return new Issued(PREFIX + shown.id + "." + secret, next);
    }

    /// False when somebody else used the token meanwhile.
    private boolean replaced(String id, RefreshFamily family, RefreshFamily next) throws OAuthException {
        if (replace(id, family, next)) {
            return true;
        }
        if (family.equals(find(id))) {
            throw OAuthException.unavailable(); // there is no room for what has grown
        }
        return false;
    }

    private static boolean works(Shown shown, RefreshFamily family) {
        byte[] digest = RefreshFamily.digest(Clients.sha256(shown.secret)).getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(digest, family.digest().getBytes(StandardCharsets.US_ASCII));
    }

    /// Ends the family of `token`, if it is one of `client`'s.
    ///
    /// @throws OAuthException it cannot be kept
    void revoke(String token, String client) throws OAuthException {
        RefreshJournal kept = journal();
        Shown shown = Shown.of(token);
        RefreshFamily family = shown == null ? null : find(shown.id);
        if (shown != null && family != null && family.client().equals(client)) {
            revoke(kept, shown.id);
        }
    }

    private void revoke(@Nullable RefreshJournal kept, String id) throws OAuthException {
        RefreshFamily family = find(id);
        while (family != null && !family.revoked() && !replace(id, family, family.asRevoked())) {
            family = find(id); // a refresh came between
        }
        if (family != null) {
            // also for one that was revoked before: who asks again may have been told that it was not kept
            keep(kept, id, family.asRevoked());
            follows.end(family.accessTokens(), family.client());
        }
    }

    private @Nullable RefreshFamily find(String id) throws OAuthException {
        byte[] octets = await(services.state().get(space, id));
        return octets == null ? null : RefreshFamily.parse(new String(octets, StandardCharsets.UTF_8));
    }

    private boolean replace(String id, @Nullable RefreshFamily expected, RefreshFamily next) throws OAuthException {
        Duration until = Duration.between(services.clock().instant(), next.expires());
        return await(services.state()
                .replace(
                        space,
                        id,
                        expected == null ? null : expected.octets(),
                        next.octets(),
                        until.isPositive() ? until : Duration.ofMillis(1)));
    }

    /// The family's owner is told only when this is on the disk: what is not would work again after a restart.
    private void keep(@Nullable RefreshJournal kept, String id, RefreshFamily family) throws OAuthException {
        if (kept == null) {
            return;
        }
        try {
            kept.keep(id, family, services.clock().instant());
        } catch (IOException e) {
            log.event(Event.REFRESH_TOKENS_NOT_STORED, "file", file, "error", e);
            throw OAuthException.unavailable();
        }
    }

    private synchronized @Nullable RefreshJournal journal() throws OAuthException {
        if (services.state().shared()) {
            return null;
        }
        RefreshJournal opened = journal;
        if (opened != null) {
            return opened;
        }
        try {
            opened = RefreshJournal.open(
                    services.folder(), file, services.clock().instant());
            for (Map.Entry<String, RefreshFamily> one : opened.families().entrySet()) {
                // what the shared state knows already is newer
                replace(one.getKey(), null, one.getValue());
            }
            journal = opened;
            return opened;
        } catch (IOException e) {
            log.event(Event.REFRESH_TOKENS_NOT_STORED, "file", file, "error", e);
            throw OAuthException.unavailable();
        }
    }

    private static <T extends @Nullable Object> T await(CompletionStage<T> stage) throws OAuthException {
        try {
            return stage.toCompletableFuture().get(STATE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw OAuthException.unavailable();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw OAuthException.unavailable();
        }
    }

    private String random(int octets) {
        byte[] bytes = new byte[octets];
        random.nextBytes(bytes);
        return BASE64.encodeToString(bytes);
    }
}
