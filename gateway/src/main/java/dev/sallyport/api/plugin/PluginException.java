package dev.sallyport.api.plugin;

/// A configuration an extension cannot work with.
public final class PluginException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    /// @param key     the key below the extension's own that is wrong, or empty for the whole
    /// @param message value and expectation
    public PluginException(String key, String message) {
        super(message);
        this.key = key;
    }

    public String key() {
        return key;
    }
}
