package dev.sallyport.extension.observe.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.observe.alert.Notification;
import dev.sallyport.telemetry.Printable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotifierTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Notifications.AT);
    private static final String SECRET = "a-secret-of-the-hook";

    private Inbox inbox = Inbox.accepting();

    @AfterEach
    void close() {
        inbox.close();
    }

    private void answering(int status) {
        inbox.close();
        inbox = new Inbox(_ -> status);
    }

    private static Map<String, @Nullable Object> object(String body) {
        return Objects.requireNonNull(StrictJson.object(body.getBytes(StandardCharsets.UTF_8)), body);
    }

    @Test
    void aWebhookGetsJson() throws NotDelivered {
        try (Webhook webhook = new Webhook(inbox.uri("/hook?token=t0ken"), null, null, CLOCK)) {
            assertThat(webhook.deliver(Notifications.firing("203.0.113.0/24", "198.51.100.0/24")))
                    .isEqualTo("202");
            assertThat(webhook.name()).startsWith("webhook 127.0.0.1:").doesNotContain("t0ken");
        }
        Inbox.Message message = inbox.messages().getFirst();
        assertThat(message.path()).isEqualTo("/hook?token=t0ken");
        assertThat(message.header("Content-type")).isEqualTo("application/json");
        assertThat(message.header("Sallyport-notification")).isEqualTo("id-1");
        assertThat(message.headers()).doesNotContainKey("Sallyport-signature");
        assertThat(object(message.body()))
                .containsEntry("status", "firing")
                .containsEntry("alert", "brute-force")
                .containsEntry("severity", "warning")
                .containsEntry("at", "2026-11-25T04:00:00.250Z")
                .containsEntry("headline", "brute-force (warning) is firing: 203.0.113.0/24 and 1 more");
        assertThat(message.body()).contains("\"group\":\"198.51.100.0/24\"", "\"request\":\"0123456789abcdef\"");
    }

    @Test
    void aWebhookIsSignedWithTimeAndBody() throws Exception {
        try (Webhook webhook = new Webhook(inbox.uri("/hook"), new Secret(SECRET), null, CLOCK)) {
            webhook.deliver(Notifications.firing("203.0.113.0/24"));
        }
        Inbox.Message message = inbox.messages().getFirst();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        long seconds = Notifications.AT.getEpochSecond();
        String expected = HexFormat.of()
                .formatHex(mac.doFinal((seconds + "." + message.body()).getBytes(StandardCharsets.UTF_8)));
        assertThat(message.header("Sallyport-signature")).isEqualTo("t=" + seconds + ",v1=" + expected);
        assertThat(message.body()).doesNotContain(SECRET);
    }

    @Test
    void slackGetsATextThatCannotMentionAnybody() throws NotDelivered {
        try (Slack slack = new Slack(new Secret(inbox.uri("/services/T0/B0/xyz").toString()), null)) {
            assertThat(slack.deliver(Notifications.firing("<!channel>\n& more")))
                    .isEqualTo("202");
            assertThat(slack.name()).doesNotContain("xyz");
        }
        assertThat(object(inbox.messages().getFirst().body()).get("text"))
                .asString()
                .contains("&lt;!channel&gt;?&amp; more: 25 failed authentications &lt;in&gt; the last 1 min")
                .contains("since 2026-11-25T04:00:00Z")
                .contains("request 0123456789abcdef");
    }

    @Test
    void longListsAreCut() {
        String[] groups = new String[25];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = "10.0." + i + ".0/24";
        }
        assertThat(Plain.text(Notifications.firing(groups)))
                .contains("10.0.9.0/24")
                .contains("and 15 more")
                .doesNotContain("10.0.10.0/24");
    }

    @Test
    void alertmanagerGetsAlertsThatLastUntilTheyAreToldAgain() throws NotDelivered {
        try (Alertmanager manager = new Alertmanager(inbox.uri("/"), "gw-1", null)) {
            manager.deliver(Notifications.firing("203.0.113.0/24"));
        }
        Inbox.Message message = inbox.messages().getFirst();
        assertThat(message.path()).isEqualTo("/api/v2/alerts");
        assertThat(message.body())
                .startsWith(
                        "[{\"labels\":{\"alertname\":\"brute-force\",\"severity\":\"warning\",\"group\":\"203.0.113.0/24\","
                                + "\"instance\":\"gw-1\",\"job\":\"sallyport\"}")
                .contains("\"startsAt\":\"2026-11-25T04:00:00.250Z\",\"endsAt\":\"2026-11-25T09:00:00.250Z\"}]");
    }

    @Test
    void whatIsNotAcceptedIsTold() {
        for (Map.Entry<Integer, Boolean> each :
                Map.of(500, false, 429, false, 404, true, 302, true).entrySet()) {
            answering(each.getKey());
            try (Webhook webhook = new Webhook(inbox.uri("/hook"), null, null, CLOCK)) {
                assertThatThrownBy(() -> webhook.deliver(Notifications.firing("a")))
                        .isInstanceOfSatisfying(
                                NotDelivered.class,
                                e -> assertThat(e.lasting())
                                        .as("%d", each.getKey())
                                        .isEqualTo(each.getValue()))
                        .hasMessageContaining("answered " + each.getKey());
            }
        }
    }

    @Test
    void LG_02_failuresTellNoSecretAddress() {
        URI uri = inbox.uri("/services/T0/B0/canary?k=canary2");
        inbox.close();
        try (Slack slack = new Slack(new Secret(uri.toString()), null)) {
            assertThatThrownBy(() -> slack.deliver(Notifications.firing("a")))
                    .isInstanceOf(NotDelivered.class)
                    .message()
                    .doesNotContain("canary");
        }
    }

    @Test
    void plainHttpIsForLoopbackOnly() {
        for (String url :
                List.of("http://hooks.example.com/", "http://10.0.0.1/", "ftp://127.0.0.1/", "https://u:p@h/")) {
            assertThatThrownBy(() -> new Webhook(URI.create(url), null, null, CLOCK))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void controlCharactersAreNotPassedOn() {
        Notification notification = Notifications.firing("anna\r\nBcc: x@example.com\u202e");
        assertThat(Plain.text(notification).lines()).noneMatch(line -> line.startsWith("Bcc"));
        assertThat(Printable.of(notification.headline())).doesNotContain("\r", "\n", "\u202e");
    }
}
