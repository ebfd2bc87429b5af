package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.extension.authn.live.Source;
import dev.sallyport.extension.authn.live.StoreException;
import java.util.Map;

/// Where API keys are kept, by their ids. One thread at a time; it may block.
public interface KeyStore extends Source<Map<String, KeyRecord>> {
    /// A change of all keys at once.
    @FunctionalInterface
    interface Edit {
        /// The keys as they shall be.
        ///
        /// @throws StoreException the change cannot be made, and none is
        Map<String, KeyRecord> apply(Map<String, KeyRecord> before) throws StoreException;
    }

    /// Changes keys in one step, whole or not at all, while nobody else does; returns what is stored then.
    Map<String, KeyRecord> edit(Edit edit) throws StoreException;

    /// Every key as it is stored now.
    Map<String, KeyRecord> all() throws StoreException;

    /// Has the next [#poll] yield everything, changed or not.
    void forget();

    /// Gets the store ready for its first key; returns whether there was anything to do.
    boolean init() throws StoreException;
}
