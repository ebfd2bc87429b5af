package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.expression.Condition;
import org.jspecify.annotations.Nullable;

/// A rule that keeps callers out whatever else allows them in. It applies when everything it says holds.
///
/// @param name by which logs and explanations call it, such as `deny[0]`
/// @param whom what callers it applies to meet; null for every caller
/// @param when what else must hold; null for nothing
public record Denial(
        String name, @Nullable Requirement whom, @Nullable Condition when, Enforcement mode) {
    public Denial {
        if (whom == null && when == null) {
            throw new IllegalArgumentException(name + ": nothing (expected: whom it is for, or when)");
        }
    }
}
