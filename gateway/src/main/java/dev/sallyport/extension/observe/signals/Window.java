package dev.sallyport.extension.observe.signals;

import java.util.Map;
import java.util.TreeMap;

/// The figures of one scope over a stretch of time.
public final class Window {
    private static final double MILLIS = 1e3;
    private static final double MICROS = 1e6;

    private final long from;
    private final long to;
    private final Tally tally;
    private final Codes codes;
    private final double[] bounds;

    Window(long from, long to, Tally tally, Codes codes, double[] bounds) {
        this.from = from;
        this.to = to;
        this.tally = tally;
        this.codes = codes;
        this.bounds = bounds;
    }

    /// When it begins, in milliseconds since 1970.
    public long from() {
        return from;
    }

    /// When it ends, in milliseconds since 1970.
    public long to() {
        return to;
    }

    public double seconds() {
        return (to - from) / MILLIS;
    }

    /// Whether nothing happened.
    public boolean isEmpty() {
        return tally.isEmpty();
    }

    /// The sum of a count, or the highest of a level.
    public long get(Figure figure) {
        return tally.get(figure);
    }

    public double perSecond(Figure figure) {
        return to > from ? get(figure) / seconds() : 0;
    }

    public long requests() {
        return get(Figure.REQUESTS);
    }

    /// What went wrong by the gateway's or an upstream's fault.
    public long failed() {
        return get(Figure.FAILED_GATEWAY) + get(Figure.FAILED_UPSTREAM);
    }

    /// What was refused because of who asked, or how often, or what.
    public long refused() {
        return get(Figure.UNAUTHENTICATED) + get(Figure.DENIED) + get(Figure.LIMITED) + get(Figure.REFUSED_OTHERWISE);
    }

    /// The part of all requests that failed, 0 to 1; 0 when there were none.
    public double failureRate() {
        return requests() == 0 ? 0 : (double) failed() / requests();
    }

    /// The times of answers with a status below 400.
    public Distribution served() {
        return new Distribution(bounds, tally.served(bounds.length + 1));
    }

    /// The times of failures.
    public Distribution failures() {
        return new Distribution(bounds, tally.failed(bounds.length + 1));
    }

    /// How long answers below 400 took on average, in seconds; NaN when there were none.
    public double meanServed() {
        return get(Figure.SERVED_MICROS) / MICROS / served().count();
    }

    /// How often each reason of failures came.
    public Map<String, Long> failureReasons() {
        return counted(Codes.Kind.FAILURE);
    }

    /// How often each reason of refusals came.
    public Map<String, Long> refusalReasons() {
        return counted(Codes.Kind.REFUSAL);
    }

    /// How often requests could not be understood, by reason; of the gateway only.
    public Map<String, Long> malformedReasons() {
        return counted(Codes.Kind.MALFORMED);
    }

    /// How many answers had each status.
    public Map<String, Long> statuses() {
        return counted(Codes.Kind.STATUS);
    }

    private Map<String, Long> counted(Codes.Kind kind) {
        Map<String, Long> counts = new TreeMap<>();
        tally.codes(number -> {
            Codes.Code code = codes.code(number);
            if (code.kind() == kind) {
                counts.put(code.text(), tally.code(number));
            }
        });
        return counts;
    }
}
