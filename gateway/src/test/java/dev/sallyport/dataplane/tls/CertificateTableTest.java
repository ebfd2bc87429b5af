package dev.sallyport.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dataplane.tls.ServerTlsSettings.UnknownName;
import dev.sallyport.testing.TestCertificates;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CertificateTableTest {
    private static final TestCertificates CA = TestCertificates.authority("ca");

    private final KeyPairCertificate api = certificate("api.example.com", "www.example.com");
    private final KeyPairCertificate wild = certificate("*.example.com");
    private final KeyPairCertificate address = certificate("localhost", "127.0.0.1");

    private static KeyPairCertificate certificate(String... names) {
        try {
            return TestTls.certificate(CA.server(names));
        } catch (TlsException e) {
            throw new AssertionError(e);
        }
    }

    private static @Nullable KeyPairCertificate found(CertificateTable table, @Nullable String name) {
        CertificateTable.Entry entry = table.find(name);
        return entry == null ? null : entry.ec();
    }

    @Test
    void findsTheNameThenTheWildcardOfItsParent() {
        CertificateTable table = new CertificateTable(List.of(wild, api), UnknownName.REFUSE);
        assertThat(found(table, "api.example.com")).isSameAs(api);
        assertThat(found(table, "www.example.com")).isSameAs(api);
        assertThat(found(table, "other.example.com")).isSameAs(wild);
        assertThat(found(table, "example.com")).isNull();
        assertThat(found(table, "a.b.example.com")).isNull();
        assertThat(found(table, "*.example.com")).isSameAs(wild);
    }

    @Test
    void caseAndATrailingDotMakeNoDifference() {
        CertificateTable table = new CertificateTable(List.of(api), UnknownName.REFUSE);
        assertThat(found(table, "API.Example.COM")).isSameAs(api);
        assertThat(found(table, "api.example.com.")).isSameAs(api);
        assertThat(found(table, "api.example.com..")).isNull();
        assertThat(found(table, ".")).isNull();
        assertThat(found(table, "")).isNull();
    }

    @Test
    void theEarlierOfTwoCertificatesOfOneNameIsUsed() {
        KeyPairCertificate again = certificate("api.example.com");
        assertThat(found(new CertificateTable(List.of(again, api), UnknownName.REFUSE), "api.example.com"))
                .isSameAs(again);
    }

    @Test
    void missingNamesGetTheCertificateForAnAddress() {
        assertThat(found(new CertificateTable(List.of(api, address), UnknownName.REFUSE), null))
                .isSameAs(address);
        assertThat(found(new CertificateTable(List.of(api), UnknownName.REFUSE), null))
                .isNull();
        assertThat(found(new CertificateTable(List.of(api), UnknownName.FIRST_CERTIFICATE), null))
                .isSameAs(api);
    }

    @Test
    void TL_03_randomNamesLeaveNothingBehind() {
        CertificateTable table = new CertificateTable(List.of(api, wild), UnknownName.REFUSE);
        int before = table.size();
        for (int i = 0; i < 10_000; i++) {
            assertThat(found(table, "n" + i + ".example.com")).isSameAs(wild);
            assertThat(found(table, "n" + i + ".example.org")).isNull();
        }
        assertThat(table.size()).isEqualTo(before);
    }
}
