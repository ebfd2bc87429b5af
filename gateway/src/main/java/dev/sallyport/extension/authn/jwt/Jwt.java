package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.extension.authn.certificate.CertificateBinding;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.ShownToken.Scheme;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Takes signed tokens (RFC 7519, RFC 9068) of one issuer.
///
/// A token that was verified before costs one SHA-256 and a look-up, on the loop; what was never seen before is
/// judged by [TokenJudge]. Both end at [SenderProof].
public final class Jwt implements Authenticator, LongLived, KeyInventory, MetricSource {
    private static final int REMEMBERED = 1 << 16;

    private final String name;
    private final Set<String> credentialFields;
    private final @Nullable Set<String> roles;
    private final List<String> authorizationServers;
    private final boolean needsPublicUrl;
    private final boolean needsClientCertificate;
    private final TokenRefusals refusals;
    private final VerifiedTokens remembered;
    private final Callers callers;
    private final TokenJudge judge;
    private final SenderProof senders;
    private final InstantSource clock;
    private final @Nullable LongLived keys;
    private final VerifyingKeys inventory;
    private final @Nullable Decryption decryption;
    private final Hashing[] hashing;
    private final Outcomes outcomes;

    /// What one event loop hashes with; confined to it.
    private static final class Hashing {
        private final MessageDigest sha256;
        private final byte[] digest = new byte[32];
        private long remembered;

        Hashing() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java runtime has SHA-256", e);
            }
        }

        byte[] hash(ShownToken token) {
            try {
                sha256.update(token.octets(), token.start(), token.end() - token.start());
                sha256.digest(digest, 0, digest.length);
                return digest;
            } catch (DigestException e) {
                throw new IllegalStateException("32 octets are enough for SHA-256", e);
            }
        }
    }

    Jwt(JwtParts parts, int loops) {
        name = parts.name();
        roles = parts.callers().mapping().possibleRoles();
        refusals = new TokenRefusals(parts.checks());
        remembered = new VerifiedTokens(REMEMBERED);
        callers = parts.callers();
        clock = parts.shared().services().clock();
        outcomes = new Outcomes();
        inventory = new VerifyingKeys(parts.keys().source());
        decryption = parts.keys().decryption();
        keys = parts.keys().source() instanceof LongLived longLived ? longLived : null;
        senders = new SenderProof(
                refusals,
                parts.rules().singleUse()
                        ? new SingleUse(parts.rules(), refusals, parts.shared().services())
                        : null);
        judge = new TokenJudge(parts, refusals, remembered, senders, outcomes);
        hashing = new Hashing[loops];
        for (int i = 0; i < loops; i++) {
            hashing[i] = new Hashing();
        }
        Set<String> fields = new LinkedHashSet<>(List.of("authorization"));
        parts.checks().forEach(check -> fields.addAll(check.fields()));
        credentialFields = Set.copyOf(fields);
        String issuer = parts.rules().issuer();
        authorizationServers = issuer == null ? List.of() : List.of(issuer);
        needsClientCertificate =
                !parts.checks().isEmpty() && parts.checks().stream().allMatch(CertificateBinding.class::isInstance);
        needsPublicUrl = parts.checks().stream().anyMatch(BoundCheck::needsPublicUrl);
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        ShownToken shown = ShownToken.of(exchange.request().headers());
        Scheme scheme = shown.scheme();
        if (scheme == Scheme.NONE || scheme == Scheme.OTHER) {
            return Authentication.NO_CREDENTIAL;
        }
        if (scheme == Scheme.MALFORMED) {
            return refusals.malformedRequest();
        }
        Hashing own = hashing[exchange.loop()];
        byte[] digest = own.hash(shown);
        long now = clock.millis() / 1000;
        RememberedToken known = remembered.find(digest);
        VerifiedToken whole = known != null && known.good(now) ? known.whole(callers) : null;
        if (whole != null) {
            own.remembered++;
            return senders.prove(exchange, whole, shown);
        }
        return shown.wellFormed()
                ? outcomes.counted(judge.judge(exchange, shown, TokenHash.of(digest)))
                : refusals.malformedRequest();
    }

    @Override
    public @Nullable Set<String> roles() {
        return roles;
    }

    @Override
    public List<String> challenges() {
        return refusals.challenges();
    }

    @Override
    public Set<String> credentialFields() {
        return credentialFields;
    }

    @Override
    public List<String> authorizationServers() {
        return authorizationServers;
    }

    @Override
    public boolean needsPublicUrl() {
        return needsPublicUrl;
    }

    @Override
    public boolean needsClientCertificate() {
        return needsClientCertificate;
    }

    @Override
    public List<KnownKey> knownKeys() {
        List<KnownKey> all = new ArrayList<>(inventory.knownKeys());
        if (decryption != null) {
            all.addAll(decryption.knownKeys());
        }
        return all;
    }

    @Override
    public CompletionStage<?> start() {
        return keys == null ? CompletableFuture.completedStage(true) : keys.start();
    }

    @Override
    public void close() {
        if (keys != null) {
            try {
                keys.close();
            } catch (Exception e) {
                throw new IllegalStateException("closing keys", e);
            }
        }
    }

    @Override
    public void collect(MetricSink sink) {
        long known = 0;
        for (Hashing one : hashing) {
            known += one.remembered;
        }
        sink.value(Metrics.TOKENS, known, name, "remembered");
        sink.value(Metrics.TOKENS_REMEMBERED, remembered.count(), name);
        outcomes.collect(sink, name);
        inventory.collect(sink, name);
        if (keys instanceof MetricSource source) {
            source.collect(sink);
        }
    }
}
