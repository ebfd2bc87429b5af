package dev.sallyport.api.access;

import java.util.List;

/// Something that holds keys and can say which, for operators. Any thread, without waiting.
public interface KeyInventory {
    /// Every key it holds now.
    List<KnownKey> knownKeys();
}
