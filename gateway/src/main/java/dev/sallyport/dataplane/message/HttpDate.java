package dev.sallyport.dataplane.message;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of a `Date` field (RFC 9110 §5.6.7), made once per second; confined to one thread.
public final class HttpDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private long second = -1;
    private byte[] value = {};

    /// The present time; shared: must not be modified.
    public byte[] now() {
        long current = System.currentTimeMillis() / 1000;
        if (current != second) {
            second = current;
            value = FORMAT.format(Instant.ofEpochSecond(current)).getBytes(StandardCharsets.US_ASCII);
        }
        return value;
    }
}
