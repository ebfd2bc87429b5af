package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Verbatim;
import java.time.Duration;

/// The gateway's own signing keys.
@Doc("The gateway's own signing keys. They are made when something needs them, and kept in `SALLYPORT_DATA_DIR`, "
        + "or `sallyport` in `XDG_STATE_HOME` or `~/.local/state`.")
public record SigningKeysConfig(
        @Doc("What they sign with. A change begins a rotation.") @Default("ES256") @Verbatim
        Algorithm algorithm,

        @Doc("How long a key signs before the next one takes its place.")
        @Default("720h")
        @Range(min = "1h", max = "9000h")
        Duration rotateEvery,

        @Doc("How long a key is published before it signs, so that everybody has fetched it by then.")
        @Default("10m")
        @Range(min = "1s", max = "168h")
        Duration publishAhead) {
    public SigningKeysConfig {
        if (publishAhead.compareTo(rotateEvery) >= 0) {
            throw new IllegalArgumentException("publish-ahead: not less than rotate-every (expected: less)");
        }
    }

    /// Signature algorithms.
    public enum Algorithm {
        @Doc("ECDSA with P-256 and SHA-256.")
        ES256,
        @Doc("Ed25519.")
        EdDSA
    }
}
