package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.Audience;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Reads answers that are signed JWTs (RFC 9701 §5): made by the server, for this gateway, just now. Blocks.
@OffLoop("virtual threads of the questions")
final class SignedAnswer {
    static final String TYPE = "token-introspection+jwt";

    private static final long OLDEST_SECONDS = 60;
    private static final long REFETCH_SECONDS = 2;

    private final String issuer;
    private final String audience;
    private final long skew;
    private final KeySource keys;

    /// @param audience the gateway's client id
    /// @param skew     how far clocks may differ, in seconds
    SignedAnswer(String issuer, String audience, long skew, KeySource keys) {
        this.issuer = issuer;
        this.audience = audience;
        this.skew = skew;
        this.keys = keys;
    }

    /// The members of the answer that `octets` are, at `now` in seconds of the epoch.
    ///
    /// @throws IOException they are none that can be believed
    @SuppressWarnings("unchecked") // members of objects have text for names
    Map<String, @Nullable Object> members(byte[] octets, long now) throws IOException {
        if (!(CompactToken.read(octets, JoseHeader.Rules.KNOWN_KEY) instanceof CompactToken.Jws jws)) {
            throw new IOException("an answer that is no signed JWT");
        }
        if (!jws.header().isType(TYPE)) {
            throw new IOException("an answer whose typ is not " + TYPE);
        }
        if (!jws.verifies(key(jws.header()))) {
            throw new IOException("an answer whose signature does not verify");
        }
        Map<String, @Nullable Object> members = jws.members();
        if (members == null
                || !issuer.equals(members.get("iss"))
                || !Audience.isAmong(members.get("aud"), List.of(audience))
                || !isFresh(members, now)) {
            throw new IOException("an answer of another issuer, for another audience, or of another time");
        }
        if (!(members.get("token_introspection") instanceof Map<?, ?> answer)) {
            throw new IOException("an answer without token_introspection");
        }
        return (Map<String, @Nullable Object>) answer;
    }

    /// Fetches the keys.
    CompletionStage<?> start() {
        return keys instanceof LongLived remote ? remote.start() : CompletableFuture.completedStage(null);
    }

    List<KnownKey> knownKeys() {
        return new VerifyingKeys(keys).knownKeys();
    }

    /// @param owner the authenticator's name
    void collect(MetricSink sink, String owner) {
        new VerifyingKeys(keys).collect(sink, owner);
        if (keys instanceof MetricSource source) {
            source.collect(sink);
        }
    }

    void close() {
        if (keys instanceof LongLived remote) {
            remote.close();
        }
    }

    private boolean isFresh(Map<String, @Nullable Object> members, long now) {
        long made = NumericDate.of(Claims.of(members), "iat");
        return made >= now - OLDEST_SECONDS - skew && made <= now + skew;
    }

    private VerificationKey key(JoseHeader header) throws IOException {
        Algorithm algorithm = Algorithm.of(header.algorithm());
        if (algorithm == null || algorithm.family() == Algorithm.Family.SECRET) {
            throw new IOException("an answer signed with an algorithm that is not accepted");
        }
        VerificationKey key = find(header, algorithm);
        if (key == null) {
            refetch();
            key = find(header, algorithm);
        }
        if (key == null) {
            throw new IOException("an answer signed with an unknown key");
        }
        return key;
    }

    private @Nullable VerificationKey find(JoseHeader header, Algorithm algorithm) {
        KeySet known = keys.current();
        return known == null ? null : known.find(header.keyId(), algorithm);
    }

    private void refetch() throws IOException {
        CompletionStage<?> fetch = keys.refetch();
        if (fetch == null) {
            return;
        }
        try {
            fetch.toCompletableFuture().get(REFETCH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("keys that could not be fetched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
