package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.VerificationKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The keys that tokens are verified with, as operators see them.
///
/// @param issuer who publishes them, or null
record VerifyingKeys(KeySource source, @Nullable String issuer) implements KeyInventory {
    @Override
    public List<KnownKey> knownKeys() {
        KeySet keys = source.current();
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
        String origin = key.isSecret() || issuer == null ? "configuration" : issuer;
        return new KnownKey(KnownKey.Use.VERIFY, id, algorithms, origin, "", null, null);
    }
}
