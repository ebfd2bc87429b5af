package dev.sallyport.controlplane.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigDump;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.tls.ListenerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotCompilerTest {
    private static final Path CASES = Path.of("src/test/resources/config").toAbsolutePath();
    private static final String TLS = """
            version: 1
            listeners:
              secure:
                bind: 127.0.0.1:8443
                tls: { certificates: [{ chain: server.crt, key: server.key }] }
              plain: { bind: "127.0.0.1:8080" }
            upstreams:
              orders: { endpoints: ["http://127.0.0.1:9001"] }
              billing: { endpoints: ["https://127.0.0.1:9002"], tls: { trust: ca.crt } }
            routes:
              all: { match: {}, access: public, upstream: orders }
              status: { match: { path: /status }, access: public, respond: { body: up } }
            """;

    @TempDir
    private Path folder = Path.of("");

    private InetAddress address = InetAddress.getLoopbackAddress();

    @BeforeEach
    void copyFiles() throws IOException {
        for (String file : List.of("server.crt", "server.key", "ca.crt")) {
            Files.copy(CASES.resolve("tls").resolve(file), folder.resolve(file));
        }
    }

    private Compilation compile(String yaml, @Nullable Compiled previous) {
        ConfigDocument document = Compilers.reader().read(ConfigText.of("gateway.yaml", folder, yaml));
        return Compilers.compiler(host -> address).compile(document, previous, previous == null ? 1 : 2);
    }

    private Compiled compiled(String yaml, @Nullable Compiled previous) {
        Compilation result = compile(yaml, previous);
        assertThat(result.problems().stream().filter(ConfigProblem::isError)).isEmpty();
        return (Compiled) result;
    }

    private static Upstream upstream(Compiled compiled, String name) {
        return compiled.upstreams().stream()
                .filter(upstream -> upstream.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ListenerTls tls(Compiled compiled) {
        return (ListenerTls)
                Objects.requireNonNull(compiled.listeners().getFirst().tls());
    }

    @Test
    void takesOverWhatDidNotChange() {
        Compiled first = compiled(TLS, null);
        Compiled second = compiled(TLS.replace("path: /status", "path: /health"), first);
        assertThat(second.upstreams())
                .zipSatisfy(first.upstreams(), (now, before) -> assertThat(now).isSameAs(before));
        assertThat(second.listeners())
                .zipSatisfy(first.listeners(), (now, before) -> assertThat(now).isSameAs(before));
        assertThat(second.snapshot()).isNotSameAs(first.snapshot());
    }

    @Test
    void makesNewWhatChanged() {
        Compiled first = compiled(TLS, null);
        Compiled second = compiled(TLS.replace("9001\"]", "9001\"], balance: random"), first);
        assertThat(upstream(second, "orders")).isNotSameAs(upstream(first, "orders"));
        assertThat(upstream(second, "billing")).isSameAs(upstream(first, "billing"));
    }

    @Test
    void forwardsToTheUpstreamsItMade() {
        Compiled first = compiled(TLS, null);
        Compiled second = compiled(TLS.replace("9001\"]", "9001\"], balance: random"), first);
        Route route = second.snapshot().routes().routes().getFirst();
        assertThat(Objects.requireNonNull(route.forwarder()).upstream()).isSameAs(upstream(second, "orders"));
    }

    @Test
    void noticesOtherContentOfTheSameFile() throws IOException {
        Compiled first = compiled(TLS, null);
        Files.writeString(folder.resolve("ca.crt"), "\n", java.nio.file.StandardOpenOption.APPEND);
        Compiled second = compiled(TLS, first);
        assertThat(upstream(second, "billing")).isNotSameAs(upstream(first, "billing"));
        assertThat(upstream(second, "orders")).isSameAs(upstream(first, "orders"));
    }

    @Test
    void looksHostNamesUpAgain() throws IOException {
        String named = TLS.replace("http://127.0.0.1:9001", "http://orders.internal:9001");
        Compiled first = compiled(named, null);
        assertThat(upstream(compiled(named, first), "orders")).isSameAs(upstream(first, "orders"));
        address = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        assertThat(upstream(compiled(named, first), "orders")).isNotSameAs(upstream(first, "orders"));
    }

    @Test
    void leavesHostNamesToDiscovery() throws IOException {
        String named =
                TLS.replace("http://127.0.0.1:9001\"]", "http://orders.internal:9001\"], discovery: { dns: 5s }");
        Compiled first = compiled(named, null);
        address = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        assertThat(upstream(compiled(named, first), "orders")).isSameAs(upstream(first, "orders"));
    }

    @Test
    void renewsCertificatesWhenPutIntoUseOnly() throws IOException {
        Compiled first = compiled(TLS, null);
        ListenerTls serving = tls(first);
        Files.writeString(
                folder.resolve("server.crt"),
                Files.readString(CASES.resolve("tls/ca.crt")),
                java.nio.file.StandardOpenOption.APPEND);
        Compiled second = compiled(TLS, first);
        assertThat(tls(second)).isSameAs(serving);
        assertThat(second.listeners()).isEqualTo(first.listeners());
        assertThat(serving.settings().certificates().getFirst().chain()).hasSize(1);
        second.renewCertificates();
        assertThat(serving.settings().certificates().getFirst().chain()).hasSize(2);
    }

    @Test
    void TL_11_refusesCertificateWithOtherKeyAndKeepsTheOld() throws IOException {
        Compiled first = compiled(TLS, null);
        ListenerTls serving = tls(first);
        Files.copy(
                CASES.resolve("tls/other.key"),
                folder.resolve("server.key"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(compile(TLS, first)).isInstanceOf(Compilation.Invalid.class);
        assertThat(serving.settings().certificates()).hasSize(1);
    }

    @Test
    void namesEveryFileThatMatters() {
        Compiled compiled = compiled(TLS.replace("body: up", "body: \"${file:ca.crt}\""), null);
        assertThat(compiled.files())
                .containsExactlyInAnyOrder(
                        folder.resolve("server.crt"), folder.resolve("server.key"), folder.resolve("ca.crt"));
    }

    @Test
    void versionTellsSequenceAndText() {
        Compiled first = compiled(TLS, null);
        Compiled second = compiled(TLS, first);
        assertThat(first.version()).matches("1-[0-9a-f]{12}");
        assertThat(second.version()).isEqualTo(first.version().replaceFirst("1", "2"));
        assertThat(compiled(TLS + "# other\n", first).version()).isNotEqualTo(second.version());
    }

    @Test
    void listsWhatIsPublic() {
        assertThat(compiled(TLS, null).publicRoutes()).extracting(Route::name).containsExactly("all", "status");
    }

    @Test
    void dividesPoolsAmongLoops() {
        Compiled compiled =
                compiled(TLS.replace("9001\"]", "9001\"], pool: { max-connections: 3, max-pending: 0 }"), null);
        assertThat(upstream(compiled, "orders").settings().pool().maxConnections())
                .isEqualTo(2);
        assertThat(upstream(compiled, "orders").settings().pool().maxPending()).isZero();
    }

    @Test
    void AD_06_dumpShowsReferencesInsteadOfSecrets() {
        String yaml = TLS + "admin: { token: \"${env:TOKEN}\" }\n";
        Compiled compiled = compiled(yaml.replace("body: up", "headers: { X-Key: \"Key ${env:KEY}\" }"), null);
        String dump = ConfigDump.yaml(compiled.document());
        assertThat(dump).contains("\"${env:TOKEN}\"", "\"Key ${env:KEY}\"");
        assertThat(dump + compiled.config()).doesNotContain(String.valueOf(Compilers.ENVIRONMENT.get("TOKEN")));
        assertThat(dump).doesNotContain(String.valueOf(Compilers.ENVIRONMENT.get("KEY")));
    }

    @Test
    void FA_10_truncatedAnywhereNeverThrows() {
        String yaml = TLS + "observe: { access-log: { to: off } }\n";
        for (int length = 0; length < yaml.length(); length++) {
            Compilation result = compile(yaml.substring(0, length), null);
            if (result instanceof Compilation.Invalid invalid) {
                assertThat(invalid.problems()).anyMatch(ConfigProblem::isError);
            }
        }
    }
}
