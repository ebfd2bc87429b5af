package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.testing.TestProof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DpopProofCommandTest {
    @TempDir
    private Path folder = Path.of("");

    /// What a command did.
    private record Outcome(int code, String out, String err) {}

    private Path key() {
        return folder.resolve("my.jwk");
    }

    private Outcome run(String... more) {
        List<String> line = new ArrayList<>(List.of("dpop-proof", "--key", key().toString()));
        line.addAll(List.of(more));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
        return new Outcome(code, out.toString(), err.toString());
    }

    private SignedJWT proof(String... more) throws ParseException {
        Outcome outcome = run(more);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out().lines()).hasSize(1);
        return SignedJWT.parse(outcome.out().strip());
    }

    @Test
    void DP_03_aProofSaysWhatItIsForAndIsSignedByTheKeyItNames() throws Exception {
        SignedJWT proof = proof(
                "--method", "POST", "--url", "https://api.example.com/orders?a=b#c", "--token", "t0", "--nonce", "n0");
        JWSHeader header = proof.getHeader();
        assertThat(header.getType().getType()).isEqualTo("dpop+jwt");
        assertThat(header.getJWK().isPrivate()).isFalse();
        assertThat(proof.verify(new ECDSAVerifier((ECKey) header.getJWK()))).isTrue();
        assertThat(proof.getJWTClaimsSet().getClaims())
                .containsEntry("htm", "POST")
                .containsEntry("htu", "https://api.example.com/orders")
                .containsEntry("ath", TestProof.hash("t0"))
                .containsEntry("nonce", "n0");
        assertThat(proof.getJWTClaimsSet().getIssueTime().toInstant())
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        assertThat(proof.getJWTClaimsSet().getJWTID()).hasSize(22);
    }

    @Test
    void DP_05_eachProofIsAnotherByTheSameKey() throws Exception {
        SignedJWT one = proof("--url", "http://localhost:8080/");
        SignedJWT two = proof("--url", "http://localhost:8080/");
        assertThat(one.getJWTClaimsSet().getClaims())
                .containsEntry("htm", "GET")
                .doesNotContainKeys("ath", "nonce");
        assertThat(one.getJWTClaimsSet().getJWTID())
                .isNotEqualTo(two.getJWTClaimsSet().getJWTID());
        assertThat(one.getHeader().getJWK()).isEqualTo(two.getHeader().getJWK());
    }

    @Test
    void theKeyIsMadeForItsOwnerOnly() throws Exception {
        Outcome first = run("--url", "http://localhost/");
        assertThat(first.err()).contains("A new key: " + key());
        assertThat(run("--url", "http://localhost/").err()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key())))
                .isEqualTo("rw-------");
        assertThat(JWK.parse(Files.readString(key())).isPrivate()).isTrue();
        assertThat(first.out() + first.err())
                .doesNotContain(
                        JWK.parse(Files.readString(key())).toECKey().getD().toString());
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws IOException {
        run("--url", "http://localhost/");
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r--r--"));
        Outcome outcome = run("--url", "http://localhost/");
        assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.err()).contains("chmod 600");
        assertThat(outcome.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "{}", "{\"kty\":\"EC\"}", "{\"kty\":\"oct\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQ\"}"})
    void whatIsNoKeyIsRefusedWithoutRepeatingIt(String text) throws IOException {
        Files.createFile(key(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key(), text);
        Outcome outcome = run("--url", "http://localhost/");
        assertThat(outcome.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(outcome.err()).contains(key().toString()).doesNotContain("c2VjcmV0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"orders", "/orders", "ftp://localhost/", "http:///x", "http://user@localhost/", "http://a b/"})
    void whatIsNoUrlIsRefused(String url) {
        assertThat(run("--url", url).code()).isEqualTo(ExitCode.USAGE);
    }
}
