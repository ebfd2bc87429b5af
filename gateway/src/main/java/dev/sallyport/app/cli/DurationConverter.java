package dev.sallyport.app.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads durations the way the configuration has them: `250ms`, `15s`, `5m`; and days, `90d`.
final class DurationConverter implements ITypeConverter<Duration> {
    private static final int MOST_DIGITS = 9;

    @Override
    public Duration convert(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits == 0 || digits > MOST_DIGITS) {
            throw unreadable(text);
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw unreadable(text);
        };
    }

    private static TypeConversionException unreadable(String text) {
        return new TypeConversionException(text + " (expected: a time such as 250ms, 15s, 5m or 90d)");
    }
}
