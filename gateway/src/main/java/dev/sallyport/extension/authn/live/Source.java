package dev.sallyport.extension.authn.live;

import org.jspecify.annotations.Nullable;

/// Where a [LiveStore] has its content from. One thread at a time; it may block.
///
/// @param <T> what is read: immutable
public interface Source<T> extends AutoCloseable {
    /// The whole content when it is another than at the last call that yielded any, else null.
    ///
    /// @throws StoreException it cannot be read, or is not usable
    @Nullable
    T poll() throws StoreException;

    @Override
    void close();
}
