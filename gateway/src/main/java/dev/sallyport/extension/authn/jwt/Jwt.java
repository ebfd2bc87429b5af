package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.ShownToken.Scheme;
import dev.sallyport.extension.authn.jose.TokenDigests;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.extension.authn.sender.TokenRefusals;
import dev.sallyport.remote.Fingerprint;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Takes signed tokens (RFC 7519, RFC 9068) of one issuer.
///
/// A token that was verified before costs one SHA-256 and a look-up, on the loop; what was never seen before is
/// judged by [TokenJudge]. Both end at [Senders].
public final class Jwt implements Authenticator, LongLived, KeyInventory, MetricSource {
    private static final int REMEMBERED = 1 << 16;

    private final String name;
    private final @Nullable Set<String> roles;
    private final List<String> authorizationServers;
    private final boolean singleUse;
    private final TokenRefusals refusals;
    private final VerifiedTokens remembered;
    private final Callers callers;
    private final TokenJudge judge;
    private final Senders senders;
    private final InstantSource clock;
    private final @Nullable LongLived keys;
    private final VerifyingKeys inventory;
    private final TokenDigests digests;
    private final @Nullable Decryption decryption;
    private final Outcomes outcomes;

    Jwt(JwtParts parts, int loops) {
        name = parts.name();
        roles = parts.callers().mapping().possibleRoles();
        senders = parts.senders();
        refusals = senders.refusals();
        remembered = new VerifiedTokens(REMEMBERED);
        callers = parts.callers();
        clock = parts.shared().services().clock();
        outcomes = new Outcomes();
        inventory = new VerifyingKeys(parts.keys().source());
        decryption = parts.keys().decryption();
        keys = parts.keys().source() instanceof LongLived longLived ? longLived : null;
        judge = new TokenJudge(parts, remembered, outcomes);
        digests = new TokenDigests(loops);
        String issuer = parts.rules().issuer();
        authorizationServers = issuer == null ? List.of() : List.of(issuer);
        singleUse = parts.rules().singleUse();
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
        Fingerprint hash = digests.of(exchange.loop(), shown);
        long now = clock.millis() / 1000;
        RememberedToken known = remembered.find(hash);
        VerifiedToken whole = known != null && known.good(now) ? known.whole(callers) : null;
        if (whole != null) {
            outcomes.remembered();
            return senders.prove(exchange, shown, whole);
        }
        return shown.wellFormed() ? outcomes.counted(judge.judge(exchange, shown, hash)) : refusals.malformedRequest();
    }

    @Override
    public @Nullable Set<String> roles() {
        return roles;
    }

    @Override
    public List<String> challenges() {
        return senders.challenges();
    }

    @Override
    public Set<String> credentialFields() {
        return senders.fields();
    }

    @Override
    public List<String> authorizationServers() {
        return authorizationServers;
    }

    @Override
    public boolean usesUp() {
        return singleUse;
    }

    @Override
    public boolean needsPublicUrl() {
        return senders.needsPublicUrl();
    }

    @Override
    public boolean needsClientCertificate() {
        return senders.needsClientCertificate();
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
        sink.value(Metrics.TOKENS_REMEMBERED, remembered.count(), name);
        outcomes.collect(sink, name);
        inventory.collect(sink, name);
        if (keys instanceof MetricSource source) {
            source.collect(sink);
        }
    }
}
