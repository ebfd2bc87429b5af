package dev.sallyport.extension.observe.signals;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Numbers for reasons and statuses, so that slices need no text; bounded, what is too much is [Metrics#OTHER]. Any
/// thread.
@OffLoop("the sampler's thread and admin threads")
final class Codes {
    private static final int MOST = 1_024;

    private final Map<Code, Integer> numbers = new HashMap<>();
    private final List<Code> codes = new ArrayList<>();

    /// What is told apart.
    enum Kind {
        FAILURE,
        REFUSAL,
        MALFORMED,
        STATUS
    }

    record Code(Kind kind, String text) {}

    Codes() {
        for (Kind kind : Kind.values()) {
            number(kind, Metrics.OTHER);
        }
    }

    @SuppressWarnings("EnumOrdinal") // never leaves this process
    synchronized int number(Kind kind, String text) {
        Code code = new Code(kind, text);
        Integer known = numbers.get(code);
        if (known != null) {
            return known;
        }
        if (codes.size() >= MOST) {
            return kind.ordinal(); // the first ones, of the constructor
        }
        numbers.put(code, codes.size());
        codes.add(code);
        return codes.size() - 1;
    }

    synchronized Code code(int number) {
        return codes.get(number);
    }
}
