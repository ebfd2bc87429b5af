package dev.sallyport.controlplane.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.controlplane.config.EndpointUrl;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class NameDiscoveryTest {
    private final Map<String, List<InetAddress>> dns = new ConcurrentHashMap<>();
    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final Upstream upstream = new Upstream(
            new UpstreamSettings(
                    "u",
                    UpstreamSettings.Protocol.AUTO,
                    null,
                    new UpstreamSettings.Timeouts(1, 1, 1, 1),
                    new UpstreamSettings.Pool(1, 1, 1, 1),
                    1),
            List.of(new EndpointState("a.test:80", InetSocketAddress.createUnresolved("a.test", 80), 1)),
            endpoints -> (exchange, excluded) -> 0,
            (worker, endpoint, settings, owner, outcome) -> {},
            1);
    private final NameDiscovery discovery = new NameDiscovery(
            upstream,
            List.of(endpoint("http://a.test:80", 3), endpoint("http://b.test:81", 1)),
            Duration.ofHours(1),
            this::lookUp,
            new EventLog(events, EventLog.Format.LOGFMT));

    private static UpstreamConfig.Endpoint endpoint(String url, int weight) {
        return new UpstreamConfig.Endpoint(EndpointUrl.parse(url), weight, null);
    }

    private List<InetAddress> lookUp(String host) throws UnknownHostException {
        List<InetAddress> found = dns.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    private void answer(String host, String... addresses) throws UnknownHostException {
        List<InetAddress> found = new ArrayList<>();
        for (String address : addresses) {
            found.add(InetAddress.getByAddress(
                    host, InetAddress.getByName(address).getAddress()));
        }
        dns.put(host, found);
    }

    private List<String> addresses() {
        return upstream.endpoints().stream().map(Endpoint::address).toList();
    }

    private String log() {
        return events.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyAddressOfEveryNameIsAnEndpoint() throws UnknownHostException {
        answer("a.test", "192.0.2.2", "192.0.2.1", "2001:db8::1");
        answer("b.test", "192.0.2.1");
        discovery.refresh();
        assertThat(addresses())
                .containsExactlyInAnyOrder("192.0.2.1:80", "192.0.2.2:80", "[2001:db8:0:0:0:0:0:1]:80", "192.0.2.1:81");
        EndpointState first = upstream.endpoints().getFirst();
        assertThat(first.weight()).isEqualTo(3);
        // the name is what TLS asks for and verifies
        assertThat(first.socketAddress().getHostString()).isEqualTo("a.test");
        assertThat(log()).contains("discovery.changed");
    }

    @Test
    void keepsTheStateOfAnEndpointThatStays() throws UnknownHostException {
        answer("a.test", "192.0.2.1", "192.0.2.2");
        answer("b.test", "192.0.2.3");
        discovery.refresh();
        List<EndpointState> before = upstream.endpoints();
        answer("a.test", "192.0.2.2", "192.0.2.4");
        discovery.refresh();
        assertThat(addresses()).containsExactly("192.0.2.2:80", "192.0.2.4:80", "192.0.2.3:81");
        assertThat(upstream.endpoints().get(0)).isSameAs(before.get(1));
        assertThat(upstream.endpoints().get(2)).isSameAs(before.get(2));
    }

    @Test
    void anotherOrderOfTheSameAnswerChangesNothing() throws UnknownHostException {
        answer("a.test", "192.0.2.1", "192.0.2.2");
        answer("b.test", "192.0.2.3");
        discovery.refresh();
        String said = log();
        answer("a.test", "192.0.2.2", "192.0.2.1");
        discovery.refresh();
        assertThat(log()).isEqualTo(said);
    }

    @Test
    void FA_14_keepsTheLastGoodAnswerWhileDnsIsDownOrEmpty() throws UnknownHostException {
        answer("a.test", "192.0.2.1");
        answer("b.test", "192.0.2.3");
        discovery.refresh();
        dns.remove("a.test");
        dns.put("b.test", List.of());
        discovery.refresh();
        discovery.refresh();
        assertThat(addresses()).containsExactly("192.0.2.1:80", "192.0.2.3:81");
        assertThat(log().lines().filter(line -> line.contains("discovery.failed") && line.contains("a.test")))
                .hasSize(1);
        answer("a.test", "192.0.2.9");
        answer("b.test", "192.0.2.3");
        discovery.refresh();
        assertThat(addresses()).containsExactly("192.0.2.9:80", "192.0.2.3:81");
    }

    @Test
    void FA_14_leavesTheEndpointsAloneWhenNothingWasEverFound() {
        discovery.refresh();
        assertThat(addresses()).containsExactly("a.test:80");
    }

    @Test
    void US_03_takesABoundedNumberOfAddresses() throws UnknownHostException {
        String[] many = new String[1000];
        for (int i = 0; i < many.length; i++) {
            many[i] = "192.0." + i / 256 + "." + i % 256;
        }
        answer("a.test", many);
        answer("b.test", "192.0.2.3");
        discovery.refresh();
        assertThat(addresses()).hasSize(65);
    }

    @Test
    void looksUpByItselfUntilItIsClosed() throws UnknownHostException {
        answer("a.test", "192.0.2.1");
        answer("b.test", "192.0.2.3");
        discovery.start();
        Eventually.until("the first look-up", () -> addresses().contains("192.0.2.1:80"));
        discovery.close();
        answer("a.test", "192.0.2.9");
        discovery.refresh();
        assertThat(addresses()).contains("192.0.2.1:80");
    }
}
