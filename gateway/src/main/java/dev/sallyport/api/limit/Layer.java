package dev.sallyport.api.limit;

import org.jspecify.annotations.Nullable;

/// One measure with the counters of all its keys; made by [Counters], and of use to the ones that made it only.
public interface Layer {
    Measure measure();

    /// What gateways agree on who count in it together; null when this process counts alone.
    default @Nullable Share share() {
        return null;
    }
}
