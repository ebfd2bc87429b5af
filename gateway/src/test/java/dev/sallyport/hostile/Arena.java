package dev.sallyport.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.testing.LogLine;
import dev.sallyport.testing.Octets;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A gateway before a recording upstream, for all tests of a class, and the oracles of the threat catalogue.
final class Arena implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final AtomicInteger PROBES = new AtomicInteger();

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final TestGateway gateway;

    /// A gateway whose configuration is `yaml` with the upstream's port in place of `$PORT`.
    Arena(String yaml) {
        gateway = TestGateway.of(yaml.replace("$PORT", Integer.toString(upstream.port())));
    }

    /// Adds extensions to the gateway; before the start.
    Arena with(PluginFactory<?, ?>... more) {
        gateway.with(more);
        return this;
    }

    /// A gateway with one public route for everything.
    static Arena ofOneRoute() {
        return new Arena("""
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                upstreams:
                  recorder:
                    endpoints: ["http://127.0.0.1:$PORT"]
                routes:
                  all:
                    match: { path: "/**" }
                    access: public
                    upstream: recorder
                """);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        gateway.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        upstream.answerByDefault().clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        gateway.close();
        upstream.close();
    }

    TestGateway gateway() {
        return gateway;
    }

    RecordingUpstream upstream() {
        return upstream;
    }

    RawClient client() throws IOException {
        return RawClient.connect(gateway.port());
    }

    /// A test for each attack: see [#refuses].
    Stream<DynamicTest> refusesEach(Attack... attacks) {
        return Stream.of(attacks).map(attack -> DynamicTest.dynamicTest(attack.name(), () -> refuses(attack)));
    }

    /// A test for each spelling, all to be answered with `fault`.
    Stream<DynamicTest> refusesEach(RequestFault fault, String... octets) {
        return Stream.of(octets).map(spelling -> {
            Attack attack = new Attack(Octets.visible(spelling), spelling, fault);
            return DynamicTest.dynamicTest(attack.name(), () -> refuses(attack));
        });
    }

    /// Oracle G1: one answer that names the fault and says `Connection: close`, then the end; nothing behind the
    /// fault is parsed; the upstream sees no request; the log says why; others notice nothing.
    void refuses(Attack attack) throws IOException {
        upstream.clear();
        try (RawClient attacker = client()) {
            attacker.send(attack.octets() + Messages.SMUGGLED);
            Response response = attacker.response();
            assertThat(response.status()).isEqualTo(attack.fault().status());
            assertThat(response.code()).isEqualTo(attack.fault().code());
            assertThat(response.value("Connection")).isEqualTo("close");
            assertQuiet(response);
            assertThat(attacker.end()).isEqualTo(RawClient.End.CLOSED);

            assertVictimUnharmed();
            LogLine line = gateway.awaitLogOf(attacker);
            assertThat(line.field("gateway.reason")).isEqualTo(attack.fault().code());
            assertThat(gateway.logOf(attacker)).hasSize(1);
        }
    }

    /// Sends `octets`, which hold one valid request, and `SMUGGLED` behind them as a request of its own where the
    /// connection lives on; returns what arrived at the upstream for the first.
    Request forwards(String octets) throws IOException {
        upstream.clear();
        try (RawClient client = client()) {
            Response response = client.exchange(octets);
            assertThat(response.status()).as(response.body()).isEqualTo(200);
            assertThat(upstream.violations()).isEmpty();
            return upstream.awaitRequests(1).getFirst();
        }
    }

    /// An honest client gets the answer to its own request, and the upstream has seen no other complete request
    /// since it
    /// was last cleared, nor anything that breaks the grammar (oracles G2 and G6).
    void assertVictimUnharmed() throws IOException {
        assertVictimUnharmedBeside("");
    }

    /// The same, where the upstream may have seen a legitimate request for `target` too.
    void assertVictimUnharmedBeside(String target) throws IOException {
        String probe = "/public/victim-" + PROBES.incrementAndGet();
        try (RawClient victim = client()) {
            Response response = victim.exchange(Messages.get(probe));
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("GET " + probe);
        }
        assertThat(upstream.requests())
                .extracting(Request::target)
                .filteredOn(seen -> !seen.equals(target))
                .containsExactly(probe);
        assertThat(upstream.violations()).isEmpty();
        assertThat(String.join("", upstream.octets())).doesNotContain("smuggled");
    }

    /// Oracle G8: an error says nothing of the inside.
    static void assertQuiet(Response response) {
        assertThat(response.value("Content-Type")).isEqualTo("application/problem+json");
        assertThat(response.body())
                .doesNotContainIgnoringCase("exception")
                .doesNotContain("dev.sallyport", "netty", "127.0.0.1", "\tat ", "smuggled");
        assertThat(response.names()).doesNotContain("server", "x-powered-by");
    }

    /// The lines of the access log that a connection caused; waits for `count`.
    List<LogLine> awaitLog(RawClient client, int count) {
        return gateway.awaitLogOf(client, count);
    }
}
