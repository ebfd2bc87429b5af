package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The keys that tokens are verified with, as operators see them.
public record VerifyingKeys(HeldKeys held) implements KeyInventory {
    private static final double MILLIS = 1e3;

    @Override
    public List<KnownKey> knownKeys() {
        KeySet keys = held.current();
        List<KnownKey> known = new ArrayList<>();
        if (keys != null) {
            for (VerificationKey key : keys.keys()) {
                known.add(known(key));
            }
        }
        return known;
    }

    private KnownKey known(VerificationKey key) {
        String id = key.id() != null ? key.id() : key.isSecret() ? "secret" : key.thumbprint();
        String algorithms =
                key.algorithms().stream().map(Algorithm::word).sorted().collect(Collectors.joining(","));
        return new KnownKey(KnownKey.Use.VERIFY, id, algorithms, held.origin(), "", key.since(), held.expires());
    }

    /// States how many there are, how old they are and when they end.
    ///
    /// @param owner the authenticator's name
    public void collect(MetricSink sink, String owner) {
        KeySet keys = held.current();
        sink.value(Metrics.KEY_SET_KEYS, keys == null ? 0 : keys.keys().size(), owner);
        Instant learnt = held.learnt();
        if (keys != null && learnt != null) {
            sink.value(
                    Metrics.KEY_SET_AGE, Duration.between(learnt, Instant.now()).toMillis() / MILLIS, owner);
        }
        Instant expires = held.expires();
        if (keys != null && expires != null) {
            sink.value(Metrics.KEY_SET_EXPIRY, expires.getEpochSecond(), owner);
        }
    }
}
