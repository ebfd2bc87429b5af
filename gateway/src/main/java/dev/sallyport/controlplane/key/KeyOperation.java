package dev.sallyport.controlplane.key;

import dev.sallyport.api.access.KnownKey;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the admin listener tells of keys and does with the gateway's own. Blocks.
public interface KeyOperation {
    /// A key and who holds it.
    ///
    /// @param holder the authenticator's name, or `gateway`
    record HeldKey(String holder, KnownKey key) {}

    /// Every key in use.
    List<HeldKey> keys();

    /// The gateway's public signing keys as a JWK set, or null when nothing is signed.
    byte @Nullable [] publicSet();

    /// Begins a rotation of the gateway's own keys; null when nothing is signed.
    ///
    /// @param atOnce in the place of all keys there are, without overlap
    /// @throws IOException it cannot be stored, and nothing was changed
    @Nullable
    KnownKey rotate(boolean atOnce) throws IOException;
}
