package dev.sallyport.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EventLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private EventLog log(EventLog.Format format) {
        return new EventLog(out, format, InstantSource.fixed(Instant.parse("2026-11-25T04:00:00.5Z")));
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesLogfmt() {
        log(EventLog.Format.LOGFMT)
                .event(
                        Event.LISTENER_BOUND,
                        "name",
                        "public",
                        "port",
                        8443,
                        "tls",
                        true,
                        "note",
                        "a \"b\"=c",
                        "x",
                        null);
        assertThat(written())
                .isEqualTo(
                        "time=2026-11-25T04:00:00.500Z level=info event=listener.bound name=public port=8443 tls=true"
                                + " note=\"a \\\"b\\\"=c\" x=\n");
    }

    @Test
    void writesJson() {
        log(EventLog.Format.JSON).event(Event.CONFIG_REFUSED, "problems", 3, "file", "a\nb");
        assertThat(Json.lines(out.toByteArray()))
                .containsExactly(Map.of(
                        "timestamp",
                        "2026-11-25T04:00:00.500Z",
                        "severity",
                        "ERROR",
                        "event.name",
                        "config.refused",
                        "problems",
                        3L,
                        "file",
                        "a\nb"));
    }

    @Property
    void LG_01_anyValueStaysOnItsLine(@ForAll String value) {
        out.reset();
        log(EventLog.Format.LOGFMT).event(Event.STARTED, "value", value);
        log(EventLog.Format.JSON).event(Event.STARTED, "value", value);
        assertThat(written().chars().filter(c -> c < ' ').count()).isEqualTo(2);
        assertThat(written()).endsWith("\n");
    }

    @Test
    void LG_03_valuesAreNeverFormats() {
        log(EventLog.Format.LOGFMT).event(Event.STARTED, "value", "${jndi:ldap://x}%n%s{}{0}");
        assertThat(written()).contains("value=${jndi:ldap://x}%n%s{}{0}\n");
    }

    @Test
    void failureHasItsStackTraceInOneLine() {
        log(EventLog.Format.JSON).failure(Event.INTERNAL_ERROR, new IllegalStateException("boom"), "in", "test");
        Map<String, Object> line = Json.lines(out.toByteArray()).getFirst();
        assertThat(line).containsEntry("exception", "java.lang.IllegalStateException: boom");
        assertThat((String) line.get("exception.stacktrace")).contains("EventLogTest.failureHasItsStackTraceInOneLine");
    }

    @Test
    void refusesKeysWithoutValues() {
        EventLog log = log(EventLog.Format.JSON);
        assertThatThrownBy(() -> log.event(Event.STARTED, "key")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void LG_08_brokenOutputIsNobodysProblem() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        new EventLog(broken, EventLog.Format.JSON).event(Event.STARTED);
        assertThat(written()).isEmpty();
    }

    @Test
    void takesWarningsOfLibrariesOnly() throws IOException {
        LibraryLog.install(log(EventLog.Format.LOGFMT));
        try {
            Logger library = Logger.getLogger("io.netty.test");
            library.info("chatter");
            library.log(java.util.logging.Level.WARNING, "took {0} ms", 5);
        } finally {
            LogManager.getLogManager().readConfiguration();
        }
        assertThat(written())
                .isEqualTo("time=2026-11-25T04:00:00.500Z level=warn event=library logger=io.netty.test"
                        + " message=\"took 5 ms\"\n");
    }
}
