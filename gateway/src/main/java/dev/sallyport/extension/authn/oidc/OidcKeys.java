package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.VerifyingKeys;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.oidc.provider.ProviderKeys;
import dev.sallyport.extension.authn.session.SealingKeys;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Every key that one authenticator works with.
///
/// @param provider   whom the gateway proves itself to
/// @param verifying  of the provider's tokens
/// @param decryption of tokens that are encrypted to the gateway, or null
/// @param sealing    of what is kept here
@OffLoop("virtual threads and control threads")
record OidcKeys(
        Provider provider, ProviderKeys verifying, @Nullable Decryption decryption, List<SealingKeys> sealing)
        implements KeyInventory {
    OidcKeys {
        sealing = List.copyOf(sealing);
    }

    /// Gets those of our own ready.
    void ready() throws IOException {
        for (SealingKeys one : sealing) {
            one.ready();
        }
    }

    @Override
    public List<KnownKey> knownKeys() {
        List<KnownKey> all = new ArrayList<>(provider.knownKeys());
        all.addAll(new VerifyingKeys(verifying).knownKeys());
        if (decryption != null) {
            all.addAll(decryption.knownKeys());
        }
        sealing.forEach(one -> all.addAll(one.knownKeys()));
        return all;
    }
}
