package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A flood by a generator in a process of its own, which ends by itself.
interface Attack {
    Attack NONE = _ -> null;

    @Nullable
    Process begin(int seconds) throws IOException;
}
