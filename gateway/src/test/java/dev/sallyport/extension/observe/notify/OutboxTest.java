package dev.sallyport.extension.observe.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.extension.observe.alert.Severity;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final EventLog events = new EventLog(log, EventLog.Format.LOGFMT);

    private Outbox outbox(Inbox inbox, Severity least) {
        return new Outbox(
                "notifier", new Webhook(inbox.uri("/"), null, null, InstantSource.system()), least, events, 1);
    }

    private static double count(MetricSource source, String outcome) {
        Map<String, Double> figures = new TreeMap<>();
        source.collect((_, value, labels) -> figures.put(labels[labels.length - 1], value));
        return figures.getOrDefault(outcome, -1.0);
    }

    @Test
    void triesAgainUntilItIsAccepted() {
        try (Inbox inbox = new Inbox(n -> n < 3 ? 503 : 200);
                Outbox outbox = outbox(inbox, Severity.INFO)) {
            outbox.offer(Notifications.firing("a"));
            Eventually.until("delivered", () -> count(outbox, "delivered") == 1);
            assertThat(inbox.messages()).hasSize(4);
            assertThat(count(outbox, "failed")).isZero();
        }
    }

    @Test
    void givesUpAfterFiveTimesAndSaysSoOnce() {
        try (Inbox inbox = new Inbox(n -> n < 10 ? 500 : 200);
                Outbox outbox = outbox(inbox, Severity.INFO)) {
            outbox.offer(Notifications.firing("a"));
            outbox.offer(Notifications.firing("b"));
            outbox.offer(Notifications.firing("c"));
            Eventually.until("the third arrives", () -> count(outbox, "delivered") == 1);
            assertThat(inbox.messages()).hasSize(11);
            assertThat(count(outbox, "failed")).isEqualTo(2);
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .containsOnlyOnce("notifier.failing")
                    .contains("answered 500")
                    .contains("notifier.recovered");
        }
    }

    @Test
    void whatIsRefusedForGoodIsNotTriedAgain() {
        try (Inbox inbox = new Inbox(_ -> 401);
                Outbox outbox = outbox(inbox, Severity.INFO)) {
            outbox.offer(Notifications.firing("a"));
            Eventually.until("given up", () -> count(outbox, "failed") == 1);
            assertThat(inbox.messages()).hasSize(1);
        }
    }

    @Test
    void aDeadReceiverHoldsUpNobodyAndItsQueueIsBounded() {
        try (Inbox inbox = new Inbox(_ -> 0);
                Outbox outbox = outbox(inbox, Severity.INFO)) {
            long begun = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                outbox.offer(Notifications.firing("a"));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
            assertThat(count(outbox, "dropped")).isBetween(899.0, 900.0);
        }
    }

    @Test
    void lesserAlertsAreLeftOut() {
        try (Inbox inbox = Inbox.accepting();
                Outbox outbox = outbox(inbox, Severity.CRITICAL)) {
            outbox.offer(Notifications.firing("a"));
            Notification grave = Notifications.firing("b");
            outbox.offer(new Notification(
                    "id-2", grave.status(), grave.rule(), Severity.CRITICAL, grave.alerts(), grave.at(), grave.test()));
            Eventually.until("delivered", () -> count(outbox, "delivered") == 1);
            assertThat(inbox.messages()).hasSize(1);
            assertThat(inbox.messages().getFirst().header("Sallyport-notification"))
                    .isEqualTo("id-2");
        }
    }
}
