package dev.sallyport.extension.observe.alert;

import java.util.Locale;

/// How much an alert matters.
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    /// As it is written.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
