package dev.sallyport.controlplane.admin;

import org.jspecify.annotations.Nullable;

/// The metrics as text, in the format a scraper asks for.
@FunctionalInterface
public interface MetricsPage {
    /// The metrics of this moment.
    ///
    /// @param accept the scraper's `Accept` field, or null
    AdminResponse render(@Nullable String accept);
}
