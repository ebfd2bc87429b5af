package dev.sallyport.extension.authn.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestCertificates.Issued;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClientCertFieldTest {
    private static final TestCertificates CA = TestCertificates.authority("clients");

    private static Decision decide(Issued shown) {
        return policy().decide(exchange(shown));
    }

    private static Policy policy() {
        return new ClientCertField.Factory()
                .create(new ClientCertField.Config(false), new PluginContext("up", 1, new FakeServices()))
                .policies()
                .getFirst();
    }

    private static Exchange exchange(Issued shown) {
        return Exchanges.request()
                .connection(new ClientConnection(
                        new InetSocketAddress("192.0.2.7", 5000),
                        new ClientConnection.Listener("public", List.of(), null),
                        "TLSv1.3",
                        null,
                        shown.chain()))
                .exchange();
    }

    @Test
    void HD_12_whatAnotherRuleSaidOfACertificateDoesNotStand() {
        Issued shown = CA.client("spiffe://a/b");
        Exchange exchange = exchange(shown);
        exchange.requestEdits().add("client-cert", ":AA==:");
        assertThat(policy().decide(exchange)).isEqualTo(Decision.PROCEED);
        HeaderEdits edits = exchange.requestEdits();
        assertThat(edits.additions()).isEqualTo(1);
        assertThat(edits.name(0)).isEqualToIgnoringCase("client-cert");
        assertThat(edits.value(0)).startsWith(":MII");
    }

    @Test
    void HD_12_refusesACertificateThatServersWouldCutOff() {
        assertThat(decide(CA.client("spiffe://a/b"))).isEqualTo(Decision.PROCEED);
        String[] names = IntStream.range(0, 1000)
                .mapToObj(i -> "name-" + i + ".example.com")
                .toArray(String[]::new);
        Issued large = CA.issue(wanted -> wanted.names(names).forClients());
        assertThat(decide(large))
                .isInstanceOfSatisfying(
                        Decision.Refuse.class,
                        refuse -> assertThat(refuse.refusal().code()).isEqualTo("certificate-too-large"));
    }
}
