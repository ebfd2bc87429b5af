package dev.sallyport.extension.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordersTest {
    private final List<String> seen = new ArrayList<>();

    private Recorder recorder(String name, boolean broken) {
        return new Recorder() {
            private void see(String what) {
                seen.add(name + " " + what);
                if (broken) {
                    throw new IllegalStateException(name);
                }
            }

            @Override
            public void record(Exchange exchange) {
                see("exchange");
            }

            @Override
            public void recordFault(ClientConnection connection, RequestFault fault) {
                see("fault");
            }

            @Override
            public void recordBug(Exchange exchange, Throwable bug) {
                see("bug");
            }
        };
    }

    @Test
    void tellsAll() {
        Recorders recorders = new Recorders(List.of(recorder("a", false), recorder("b", false)));
        Exchange exchange = Exchanges.request().exchange();
        recorders.record(exchange);
        recorders.recordFault(exchange.connection(), RequestFault.PATH);
        recorders.recordBug(exchange, new IllegalStateException());
        assertThat(seen).containsExactly("a exchange", "b exchange", "a fault", "b fault", "a bug", "b bug");
    }

    @Test
    void oneThatBreaksDoesNotSilenceTheOthers() {
        Recorders recorders = new Recorders(List.of(recorder("a", true), recorder("b", false)));
        Exchange exchange = Exchanges.request().exchange();
        assertThatThrownBy(() -> recorders.record(exchange)).hasMessage("a");
        assertThatThrownBy(() -> recorders.recordFault(exchange.connection(), RequestFault.PATH))
                .hasMessage("a");
        assertThat(seen).containsExactly("a exchange", "b exchange", "a fault", "b fault");
    }

    @Test
    void canBeReplaced() {
        Recorders recorders = new Recorders(List.of(recorder("a", false)));
        recorders.replace(List.of(recorder("b", false)));
        recorders.record(Exchanges.request().exchange());
        assertThat(seen).containsExactly("b exchange");
    }

    @Test
    void bugsAreToldWithTheirStackTrace() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BugLog log = new BugLog(new EventLog(out, EventLog.Format.LOGFMT));
        log.record(Exchanges.request().exchange());
        log.recordBug(Exchanges.request().ended("orders", "/", 500), new IllegalStateException("boom"));
        Eventually.until(
                "the bug is told", () -> out.toString(StandardCharsets.UTF_8).endsWith("\n"));
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("event=internal.error route=orders request=0123456789abcdeffedcba9876543210")
                .contains("java.lang.IllegalStateException: boom")
                .contains("RecordersTest.bugsAreToldWithTheirStackTrace")
                .containsOnlyOnce("\n");
    }
}
