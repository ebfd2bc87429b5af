package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The provider's keys for ID and logout tokens. They are needed at logins only, so they are fetched when one is
/// asked for: the first time, when they are an hour old, and once in a while for a name that is not known (threat
/// JW-18). The last good ones are kept while the provider does not answer.
@OffLoop("virtual threads")
public final class ProviderKeys implements IdTokenCheck.Keys {
    private static final Duration GOOD_FOR = Duration.ofHours(1);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

    private final Provider provider;
    private final Fetcher fetcher;
    private final InstantSource clock;
    private final KeySetReader reader = new KeySetReader(SignatureProvider.fastest());
    private final ReentrantLock asking = new ReentrantLock();
    private volatile KeySet known = KeySet.EMPTY;
    private volatile Instant fetched = Instant.EPOCH;
    private volatile Instant asked = Instant.EPOCH;

    public ProviderKeys(Provider provider, Fetcher fetcher, InstantSource clock) {
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
        if (known.isEmpty()) {
            throw new LoginFailure(Refused.UNAVAILABLE, "the provider's keys are not known");
        }
        return key;
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
            if (!read.isEmpty()) {
                known = known.replacedBy(read);
                fetched = now;
            }
        } catch (IOException | KeySetReader.BadKeyException unanswered) {
            // the last good ones are kept
        } finally {
            asking.unlock();
        }
    }
}
