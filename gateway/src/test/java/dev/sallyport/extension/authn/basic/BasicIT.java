package dev.sallyport.extension.authn.basic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names and passwords through the real gateway.
class BasicIT {
    private static final PasswordHash ANN = PasswordHash.argon2id("correct horse", new SecureRandom());
    private static final PasswordHash BOB = PasswordHash.bcrypt("unused", new SecureRandom());

    @TempDir
    Path folder;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private TestGateway gateway = TestGateway.of("");

    @BeforeEach
    void start() throws IOException {
        upstream.answerByDefault();
        write(ANN, "false");
        gateway = TestGateway.start("""
                version: 1
                listeners:
                  public: { bind: 127.0.0.1:0 }
                upstreams:
                  app: { endpoints: ["http://127.0.0.1:%d"] }
                authenticators:
                  staff: { kind: basic, users: %s/users.yaml, realm: inside }
                routes:
                  all: { match: { path: "/**" }, access: { authenticate: [staff] }, upstream: app }
                """.formatted(upstream.port(), folder));
    }

    private void write(PasswordHash ann, String disabled) throws IOException {
        Files.writeString(folder.resolve("users.yaml"), """
                version: "1"
                users:
                  ann: { password: "%s", roles: [operator], disabled: %s }
                  bob: { password: "%s", disabled: true }
                """.formatted(ann.text(), disabled, BOB.text()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        upstream.close();
    }

    private static String request(String value) {
        return "GET / HTTP/1.1\r\nHost: gateway.test\r\nAuthorization: " + value + "\r\n\r\n";
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Response get(String value) {
        try (RawClient client = RawClient.connect(gateway.port())) {
            return client.exchange(request(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theRightPasswordLetsInAndStaysAtTheGateway() throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(request(basic("ann:correct horse"))).status())
                    .isEqualTo(200);
            assertThat(gateway.awaitLogOf(client).field("user.id")).isEqualTo("ann");
        }
        assertThat(upstream.lastRequest().names()).doesNotContain("authorization");
    }

    @Test
    void theChallengeNamesRealmAndCharset() throws IOException {
        for (Response refused : List.of(get("Bearer x"), get(basic("ann:wrong")))) {
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.value("www-authenticate")).isEqualTo("Basic realm=\"inside\", charset=\"UTF-8\"");
        }
        assertThat(get("Bearer x").code()).isEqualTo("credential-missing");
    }

    @Test
    void AK_06_AK_07_AK_08_theAnswerIsTheSameAndTheLogHasTheReason() throws IOException {
        List<String> shown = List.of(
                basic("ann:wrong"), basic("eve:correct horse"), basic("bob:unused"), "Basic ????", basic("ann\0:x"));
        List<String> answers = new ArrayList<>();
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (String value : shown) {
                Response refused = client.exchange(request(value));
                answers.add(refused.status() + " " + refused.names() + " "
                        + refused.body().replaceAll("urn:sallyport:request:[0-9a-f]+", "ID"));
            }
            assertThat(gateway.awaitLogOf(client, shown.size()).stream().map(BasicIT::reason))
                    .containsExactly(
                            "basic-wrong", "basic-unknown", "basic-disabled", "basic-malformed", "basic-malformed");
        }
        assertThat(answers).containsOnly(answers.getFirst());
        assertThat(upstream.requests()).isEmpty();
    }

    private static String reason(LogLine line) {
        return line.field("gateway.reason");
    }

    @Test
    void changedAndDisabledUsersAreNotRemembered() throws Exception {
        assertThat(get(basic("ann:correct horse")).status()).isEqualTo(200);
        write(ANN, "true");
        Eventually.until("the change", () -> get(basic("ann:correct horse")).status() == 401);
        write(PasswordHash.argon2id("another battery", new SecureRandom()), "false");
        Eventually.until(
                "the new password", () -> get(basic("ann:another battery")).status() == 200);
        assertThat(get(basic("ann:correct horse")).status()).isEqualTo(401);
    }
}
