package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.HeldKeys;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The provider's keys for ID and logout tokens. They are needed at logins only, so they are fetched when one is
/// asked for: the first time, when they are an hour old, and once in a while for a name that is not known (threat
/// JW-18). The last good ones are kept for a day while the provider does not answer (threat JW-19).
@OffLoop("virtual threads")
public final class ProviderKeys implements IdTokenCheck.Keys, HeldKeys {
    private static final Duration GOOD_FOR = Duration.ofHours(1);
    private static final Duration KEPT_FOR = Duration.ofDays(1);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private final String issuer;
    private final Provider provider;
    private final Fetcher fetcher;
    private final InstantSource clock;
    private final KeySetReader reader = new KeySetReader(SignatureProvider.fastest());
    private final ReentrantLock asking = new ReentrantLock();
    private final LongAdder got = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile KeySet known = KeySet.EMPTY;
    private volatile Instant fetched = Instant.EPOCH;
    private volatile Instant asked = Instant.EPOCH;

    public ProviderKeys(String issuer, Provider provider, Fetcher fetcher, InstantSource clock) {
        this.issuer = issuer;
        this.provider = provider;
        this.fetcher = fetcher;
        this.clock = clock;
    }

    @Override
    public @Nullable VerificationKey find(@Nullable String id, Algorithm algorithm) throws LoginFailure {
        VerificationKey key = known.find(id, algorithm);
        if (key == null || clock.instant().isAfter(fetched.plus(GOOD_FOR))) {
            renew();
            key = known.find(id, algorithm);
        }
        if (current() == null) {
            throw new LoginFailure(Refused.UNAVAILABLE, "the provider's keys are not known");
        }
        return key;
    }

    @Override
    public @Nullable KeySet current() {
        KeySet keys = known;
        return keys.isEmpty() || !clock.instant().isBefore(fetched.plus(KEPT_FOR)) ? null : keys;
    }

    @Override
    public String origin() {
        return issuer;
    }

    @Override
    public @Nullable Instant learnt() {
        return known.isEmpty() ? null : fetched;
    }

    @Override
    public @Nullable Instant expires() {
        return known.isEmpty() ? null : fetched.plus(KEPT_FOR);
    }

    /// States how it goes.
    ///
    /// @param owner the authenticator's name
    public void collect(MetricSink sink, String owner) {
        new VerifyingKeys(this).collect(sink, owner);
        sink.value(Metrics.KEY_SET_FETCHES, got.sum(), owner, "fetched");
        sink.value(Metrics.KEY_SET_FETCHES, failed.sum(), owner, "failed");
    }

    private void renew() throws LoginFailure {
        asking.lock();
        try {
            Instant now = clock.instant();
            if (now.isBefore(asked.plus(AGAIN_AFTER))) {
                return;
            }
            asked = now;
            URI location = provider.metadata().keys();
            Fetcher.Answer answer = fetcher.get(location, Map.of("Accept", "application/json"));
            KeySet read = answer.status() == 200 ? reader.read(answer.body()).keys() : KeySet.EMPTY;
            if (read.isEmpty()) {
                failed.increment();
            } else {
                known = known.replacedBy(read);
                fetched = now;
                got.increment();
            }
        } catch (IOException | KeySetReader.BadKeyException unanswered) {
            // the last good ones are kept
            failed.increment();
        } finally {
            asking.unlock();
        }
    }
}
