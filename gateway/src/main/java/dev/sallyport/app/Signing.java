package dev.sallyport.app;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.controlplane.config.SigningKeysConfig;
import dev.sallyport.controlplane.key.KeyOperation;
import dev.sallyport.extension.token.signing.SigningAlgorithm;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.extension.token.signing.SigningSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The gateway's own signing keys as a configuration wants them, and all keys as operators see them.
///
/// @param holders what else holds keys, by its name
record Signing(SigningKeys own, Supplier<Map<String, KeyInventory>> holders) implements KeyOperation {
    /// Opens the gateway's own keys where anything signs, before it is used; they stay open whatever becomes of the
    /// configuration.
    ///
    /// @throws IOException they cannot be read or stored
    void open(SigningKeysConfig config) throws IOException {
        if (own.needed()) {
            SigningAlgorithm algorithm = switch (config.algorithm()) {
                case ES256 -> SigningAlgorithm.ES256;
                case EdDSA -> SigningAlgorithm.EDDSA;
            };
            own.open(new SigningSettings(algorithm, config.rotateEvery(), config.publishAhead()));
        }
    }

    @Override
    public List<HeldKey> keys() {
        List<HeldKey> all = new ArrayList<>();
        own.knownKeys().forEach(key -> all.add(new HeldKey("gateway", key)));
        holders.get().forEach((name, holder) -> holder.knownKeys().forEach(key -> all.add(new HeldKey(name, key))));
        return all;
    }

    @Override
    public byte @Nullable [] publicSet() {
        return own.isOpen() ? own.publicSet() : null;
    }

    @Override
    public @Nullable KnownKey rotate(boolean atOnce) throws IOException {
        if (!own.isOpen()) {
            return null;
        }
        return atOnce ? own.replace() : own.rotate();
    }
}
