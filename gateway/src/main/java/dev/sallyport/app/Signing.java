package dev.sallyport.app;

import dev.sallyport.controlplane.config.SigningKeysConfig;
import dev.sallyport.extension.token.signing.SigningAlgorithm;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.extension.token.signing.SigningSettings;
import java.io.IOException;

/// The gateway's own signing keys, as a configuration wants them.
final class Signing {
    private Signing() {}

    /// Opens them where anything signs, before it is used; they stay open whatever becomes of the configuration.
    ///
    /// @throws IOException they cannot be read or stored
    static void open(SigningKeys keys, SigningKeysConfig config) throws IOException {
        if (keys.needed()) {
            SigningAlgorithm algorithm = switch (config.algorithm()) {
                case ES256 -> SigningAlgorithm.ES256;
                case EdDSA -> SigningAlgorithm.EDDSA;
            };
            keys.open(new SigningSettings(algorithm, config.rotateEvery(), config.publishAhead()));
        }
    }
}
