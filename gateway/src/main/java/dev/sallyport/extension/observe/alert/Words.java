package dev.sallyport.extension.observe.alert;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/// Figures as people read them.
final class Words {
    private static final double PERCENT = 100;
    private static final double THOUSAND = 1_000;

    private Words() {}

    static String percent(double part) {
        return number(part * PERCENT) + " %";
    }

    /// Three digits that count, no more.
    static String number(double value) {
        if (value >= THOUSAND) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        String text = String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    static String seconds(double seconds) {
        return seconds >= 1 ? number(seconds) + " s" : number(seconds * THOUSAND) + " ms";
    }

    static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.toMillis() % 1_000 != 0 || seconds == 0) {
            return duration.toMillis() + " ms";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + " h";
        }
        return seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }

    static String rate(long count, Duration per) {
        String unit = per.equals(Duration.ofSeconds(1))
                ? "s"
                : per.equals(Duration.ofMinutes(1)) ? "min" : per.equals(Duration.ofHours(1)) ? "h" : duration(per);
        return count + "/" + unit;
    }

    /// The most frequent of some reasons, as `, most often NAME`; empty when there is none.
    static String mostOften(Map<String, Long> reasons) {
        return reasons.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> ", most often " + most.getKey())
                .orElse("");
    }
}
