package dev.sallyport.controlplane.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.dataplane.tls.KeyPairCertificate;
import dev.sallyport.dataplane.tls.TlsException;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threat TL-11: what cannot work is not loaded, and the message says which file and why.
class TlsFilesTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");

    @TempDir
    private Path directory;

    private Path chain;
    private Path key;

    @BeforeEach
    void names() {
        chain = directory.resolve("api.crt");
        key = directory.resolve("api.key");
    }

    private KeyPairCertificate load() throws TlsException {
        return TlsFiles.certificate(chain, key, Instant.now());
    }

    private void refuses(String... parts) {
        assertThatThrownBy(this::load).isInstanceOf(TlsException.class).hasMessageContainingAll(parts);
    }

    @Test
    void readsChainAndKey() throws Exception {
        Issued issued = CA.intermediate("issuing").server("api.example.com").write(directory, "api");
        KeyPairCertificate loaded = load();
        assertThat(loaded.chain()).isEqualTo(issued.chain()).hasSize(2);
        assertThat(loaded.key()).isEqualTo(issued.key());
        assertThat(loaded.serverNames()).containsExactly("api.example.com");
        assertThat(loaded.source()).isEqualTo(chain.toString());
    }

    @Test
    void ignoresTextAroundBlocksAndTakesWindowsLineEnds() throws Exception {
        Issued issued = CA.server("api.example.com").write(directory, "api");
        Files.writeString(chain, "subject=CN = api\r\n" + issued.chainPem().replace("\n", "\r\n") + "\r\nend\r\n");
        assertThat(load().chain()).isEqualTo(issued.chain());
    }

    @Test
    void readsPkcs1RsaKeys() throws Exception {
        Issued issued =
                CA.issue(wanted -> wanted.names("api.example.com").rsa(2048)).write(directory, "api");
        writeTraditional("RSA PRIVATE KEY", issued.key());
        assertThat(load().key()).isEqualTo(issued.key());
    }

    @Test
    void readsSec1EcKeysAfterTheirParameters() throws Exception {
        Issued issued = CA.server("api.example.com").write(directory, "api");
        writeTraditional("EC PRIVATE KEY", issued.key());
        Files.writeString(
                key,
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                        + Files.readString(key));
        assertThat(((ECPrivateKey) load().key()).getS()).isEqualTo(((ECPrivateKey) issued.key()).getS());
    }

    private void writeTraditional(String label, PrivateKey pkcs8) throws IOException {
        byte[] der = PrivateKeyInfo.getInstance(pkcs8.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        if (label.startsWith("EC")) {
            // as tools write it, with the curve's name inside
            org.bouncycastle.asn1.sec.ECPrivateKey bare = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(der);
            der = new org.bouncycastle.asn1.sec.ECPrivateKey(
                            256, bare.getKey(), org.bouncycastle.asn1.x9.X9ObjectIdentifiers.prime256v1)
                    .getEncoded();
        }
        Files.writeString(
                key,
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }

    @Test
    void TL_11_refusesTheKeyOfAnotherCertificate() throws Exception {
        CA.server("other.example.com").write(directory, "api");
        Files.writeString(chain, CA.server("api.example.com").chainPem());
        refuses(chain.toString(), "private key is not the one of the certificate");
        Files.writeString(key, CA.issue(wanted -> wanted.rsa(2048)).keyPem());
        refuses(chain.toString(), "private key is not the one of the certificate");
    }

    @Test
    void TL_11_refusesExpiredAndFutureCertificates() throws Exception {
        CA.issue(wanted -> wanted.names("api.example.com").expired()).write(directory, "api");
        refuses(chain.toString(), "certificate 1", "expired at");
        CA.issue(wanted -> wanted.names("api.example.com").notYetValid()).write(directory, "api");
        refuses(chain.toString(), "is not valid before");
    }

    @Test
    void TL_11_refusesAChainThatDoesNotLeadUpwards() throws Exception {
        TestCertificates issuing = CA.intermediate("issuing");
        Issued issued = issuing.server("api.example.com").write(directory, "api");
        Files.writeString(chain, CA.server("api.example.com").chainPem() + issuing.pem());
        Files.writeString(key, issued.keyPem());
        refuses("private key is not the one");
        Issued direct = CA.server("api.example.com").write(directory, "api");
        Files.writeString(chain, direct.chainPem() + issuing.pem());
        refuses(chain.toString(), "certificate 1 is not signed by certificate 2");
    }

    @Test
    void refusesWeakKeys() throws Exception {
        CA.issue(wanted -> wanted.names("api.example.com").rsa(1024)).write(directory, "api");
        refuses(chain.toString(), "1024 bits");
    }

    @Test
    void refusesFilesThatHoldSomethingElse() throws Exception {
        refuses(chain.toString(), "no such file");
        CA.server("api.example.com").write(directory, "api");
        String good = Files.readString(key);
        Files.writeString(key, "secret");
        refuses(key.toString(), "no PEM block");
        Files.writeString(key, Files.readString(chain));
        refuses(key.toString(), "no private key");
        Files.writeString(key, good.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
        refuses(key.toString(), "encrypted");
        Files.writeString(key, good);
        Files.writeString(chain, good);
        refuses(chain.toString(), "no certificate");
        Files.writeString(chain, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refuses(chain.toString(), "certificate 1 cannot be parsed");
    }

    @Test
    void messagesNeverShowKeys() throws Exception {
        CA.server("api.example.com").write(directory, "api");
        String body = Files.readString(key).lines().skip(1).findFirst().orElseThrow();
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(this::load)
                .hasMessageContaining(key.toString())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(body));
    }

    @Test
    void readsAuthorities() throws Exception {
        TestCertificates other = TestCertificates.authority("other");
        Path trust = directory.resolve("ca.crt");
        Files.writeString(trust, CA.pem() + other.pem());
        assertThat(TlsFiles.certificates(trust)).containsExactly(CA.certificate(), other.certificate());
    }
}
