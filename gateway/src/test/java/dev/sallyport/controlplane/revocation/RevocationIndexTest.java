package dev.sallyport.controlplane.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.controlplane.config.read.RecordReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationIndexTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final long ISSUED = NOW.getEpochSecond() - 60;

    private static Principal caller() {
        return caller(ISSUED);
    }

    private static Principal caller(long issuedAt) {
        return new Principal(
                "alice",
                "staff",
                null,
                Set.of(),
                Claims.NONE,
                new Credential("jwt", "https://id.test", "token-7", "portal", "key-1", issuedAt, Credential.NEVER));
    }

    /// What a list with this one entry revokes.
    private static RevocationIndex index(String... entries) {
        return new RevocationIndex(
                java.util.Arrays.stream(entries)
                        .map(RevocationIndexTest::revocation)
                        .toList(),
                NOW);
    }

    private static Revocation revocation(String yaml) {
        RecordReader.Outcome<Revocation> read =
                RecordReader.parse("entry", yaml.getBytes(StandardCharsets.UTF_8), Revocation.class);
        assertThat(read.problems()).isEmpty();
        return Objects.requireNonNull(read.value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ jti: token-7 }",
                "{ jti: token-7, issuer: https://id.test }",
                "{ jti: token-7, issuer: https://id.test, authenticator: staff }",
                "{ subject: alice }",
                "{ subject: alice, authenticator: staff }",
                "{ subject: alice, issuer: https://id.test }",
                "{ subject: alice, issued-before: 2026-01-01T00:00:00Z }",
                "{ client: portal }",
                "{ key: key-1 }",
                "{ key: key-1, issuer: https://id.test }",
                "{ issued-before: 2026-01-01T00:00:00Z }",
                "{ issued-before: 2026-01-01T02:00:00+02:00 }",
                "{ issued-before: 2025-12-31T23:59:00.001Z }",
                "{ issued-before: 2026-01-01T00:00:00Z, issuer: https://id.test }",
                "{ jti: token-7, expires: 2026-01-01T00:00:01Z, reason: lost }"
            })
    void OA_15_findsWhatIsRevoked(String entry) {
        assertThat(index(entry).covers(caller())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ jti: token-8 }",
                "{ jti: alice }",
                "{ jti: token-7, issuer: https://other.test }",
                "{ jti: token-7, authenticator: partners }",
                "{ subject: bob }",
                "{ subject: alice, authenticator: partners }",
                "{ subject: alice, issuer: https://other.test }",
                "{ subject: alice, issued-before: 2025-12-31T23:59:00Z }",
                "{ client: shop }",
                "{ key: key-2 }",
                "{ issued-before: 2025-12-31T23:59:00Z }",
                "{ issued-before: 2026-01-01T00:00:00Z, issuer: https://other.test }",
                "{ jti: token-7, expires: 2026-01-01T00:00:00Z }"
            })
    void leavesOthersAlone(String entry) {
        assertThat(index(entry).covers(caller())).isFalse();
    }

    @Test
    void OA_15_aCredentialThatDoesNotSayWhenItWasMadeCountsAsOlder() {
        assertThat(index("{ issued-before: 2020-01-01T00:00:00Z }").covers(caller(0)))
                .isTrue();
    }

    @Test
    void oneNameMayHaveSeveralEntries() {
        RevocationIndex index = index(
                "{ jti: token-7, issuer: https://other.test }",
                "{ jti: token-7, issuer: https://id.test }",
                "{ jti: token-7, issuer: https://third.test }");
        assertThat(index.covers(caller())).isTrue();
        assertThat(index.size()).isEqualTo(3);
    }

    @Test
    void ofSeveralTimesTheLatestCounts() {
        assertThat(index(
                                "{ issued-before: 2020-01-01T00:00:00Z }",
                                "{ issued-before: 2026-01-01T00:00:00Z, issuer: https://id.test }",
                                "{ issued-before: 2021-01-01T00:00:00Z, issuer: https://id.test }",
                                "{ issued-before: 2021-01-01T00:00:00Z, authenticator: staff }")
                        .covers(caller()))
                .isTrue();
    }

    @Test
    void anEntryOfNothingIsRefused() {
        for (String entry : List.of("{ issuer: https://id.test }", "{ jti: a, subject: b }", "{ jti: '' }")) {
            assertThat(RecordReader.parse("entry", entry.getBytes(StandardCharsets.UTF_8), Revocation.class)
                            .problems())
                    .as(entry)
                    .isNotEmpty();
        }
        assertThatThrownBy(() -> new Revocation(null, null, null, null, null, null, null, null, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"jti\": \"a\", \"jti\": \"b\"} | Duplicate",
                "{\"jti\": \"a\"} {} | more than one",
                "{jti: a} | not JSON",
                "[] | no JSON object",
                "{\"jti\": \"a\", \"isuer\": \"b\"} | isuer",
                "{\"jti\": 7} | expected: text",
                "{\"issued-before\": \"yesterday\"} | a time such as",
                "'' | no JSON object"
            })
    void AD_07_readsBodiesStrictly(String body, String complaint) {
        RecordReader.Outcome<Revocation> read =
                RecordReader.json("body", body.getBytes(StandardCharsets.UTF_8), Revocation.class);
        assertThat(read.value()).isNull();
        assertThat(read.complaint()).contains(complaint);
    }

    @Test
    void theListOfTheDocumentsIsRead() throws IOException {
        String page = Files.readString(Path.of("../docs/authentication/revocation.md"));
        int begin = page.indexOf("```yaml\nrevoked:") + "```yaml\n".length();
        byte[] list = page.substring(begin, page.indexOf("```", begin)).getBytes(StandardCharsets.UTF_8);
        RecordReader.Outcome<RevocationList> read = RecordReader.parse("page", list, RevocationList.class);
        assertThat(read.problems()).isEmpty();
        assertThat(Objects.requireNonNull(read.value()).revoked()).hasSize(6);
    }

    @Test
    void AD_07_nothingInABodyRefersToFilesOrVariables() {
        Revocation literal = revocation("{ jti: '${env:HOME}', reason: '${file:/etc/hostname}' }");
        assertThat(literal.jti()).isEqualTo("${env:HOME}");
        assertThat(literal.reason()).isEqualTo("${file:/etc/hostname}");
    }
}
