package dev.sallyport.extension.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What a collector answers is read with care.
class RepliesTest {
    private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

    @Test
    void retryAfterIsSecondsOrADateAndBounded() {
        assertThat(Replies.retryAfter("7", NOW)).isEqualTo(Duration.ofSeconds(7));
        assertThat(Replies.retryAfter("Sat, 28 Nov 2026 10:01:00 GMT", NOW)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Replies.retryAfter("Sat, 28 Nov 2026 09:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
        assertThat(Replies.retryAfter("99999999999999999999", NOW)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Replies.retryAfter("86400", NOW)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Replies.retryAfter("", NOW)).isNull();
        assertThat(Replies.retryAfter("-1", NOW)).isNull();
        assertThat(Replies.retryAfter("soon", NOW)).isNull();
    }

    @Test
    void whatIsNoMessageOfOtlpCountsAsTaken() {
        byte[] garbage = "<html>welcome</html>".getBytes(StandardCharsets.US_ASCII);
        assertThat(Replies.taken(garbage)).isEqualTo(new Reply.Taken(0, ""));
        assertThat(Replies.taken(new byte[0])).isEqualTo(new Reply.Taken(0, ""));
        assertThat(Replies.retryInfo(garbage)).isNull();
        assertThat(Replies.retryInfo(null)).isNull();
    }

    @Test
    void LG_03_whatIsShownOfAnAnswerIsCutAndPrintable() {
        String shown = Replies.shown("a\n\u001b[31m" + "x".repeat(1000));
        assertThat(shown).hasSizeLessThan(300).doesNotContain("\n").doesNotContain("\u001b");
    }
}
