package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.ByteSize;

/// A number of octets per second, written as `1KiB/s`.
public record ByteRate(ByteSize perSecond) {
    /// Reads a rate.
    ///
    /// @throws IllegalArgumentException when `text` is not one
    public static ByteRate parse(String text) {
        if (!text.endsWith("/s")) {
            throw new IllegalArgumentException(text + " (expected: a size per second, such as 1KiB/s)");
        }
        return new ByteRate(ByteSize.parse(text.substring(0, text.length() - 2)));
    }

    @Override
    public String toString() {
        return perSecond + "/s";
    }
}
