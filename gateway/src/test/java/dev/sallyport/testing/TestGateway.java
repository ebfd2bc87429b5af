package dev.sallyport.testing;

import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.app.Gateway;
import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.StartException;
import dev.sallyport.controlplane.reload.ReloadResult;
import dev.sallyport.controlplane.reload.Trigger;
import dev.sallyport.telemetry.EventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The real gateway, booted from YAML in the test, with its access log and events in memory.
///
/// Ports are 0 in the YAML; `admin` is added where it is missing. The listener that [#port()] speaks of is called
/// `public`.
public final class TestGateway implements AutoCloseable {
    private static final int LOOPS = 2;

    private final String yaml;
    private final Map<String, String> environment;
    private final Capture accessLog = new Capture();
    private final Capture events = new Capture();
    private final List<PluginFactory<?, ?>> plugins = new ArrayList<>();
    private LongSupplier ticker = System::nanoTime;
    private @Nullable Path file;
    private @Nullable Gateway gateway;

    private TestGateway(String yaml, Map<String, String> environment) {
        this.yaml = yaml;
        this.environment = environment;
    }

    /// A gateway with the configuration `yaml`, not started.
    public static TestGateway of(String yaml) {
        return new TestGateway(yaml, Map.of());
    }

    /// A started gateway with the configuration `yaml`.
    public static TestGateway start(String yaml) {
        return of(yaml).start();
    }

    /// A started gateway with one public route to `upstreamPort` for everything.
    public static TestGateway before(int upstreamPort) {
        return start("""
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                upstreams:
                  only:
                    endpoints: ["http://127.0.0.1:%d"]
                routes:
                  all:
                    match: { path: "/**" }
                    access: public
                    upstream: only
                """.formatted(upstreamPort));
    }

    /// Adds extensions; before the start.
    public TestGateway with(PluginFactory<?, ?>... more) {
        plugins.addAll(List.of(more));
        return this;
    }

    /// Has limits go by another clock; before the start.
    public TestGateway by(LongSupplier nanos) {
        ticker = nanos;
        return this;
    }

    /// The file of its configuration.
    public Path file() {
        Path config = file;
        if (config == null) {
            throw new IllegalStateException("not started");
        }
        return config;
    }

    /// Starts it; fails with what is wrong with the configuration.
    public TestGateway start() {
        try {
            Path config = Files.createTempDirectory("sallyport-test").resolve("gateway.yaml");
            Files.writeString(config, complete(yaml));
            file = config;
            // never the folder of whoever runs the tests
            String data = environment.getOrDefault(
                    "SALLYPORT_DATA_DIR", config.resolveSibling("data").toString());
            gateway = Gateway.start(
                    config,
                    GatewayOptions.usual()
                            .withLoops(LOOPS)
                            .withWatch(false)
                            .withPlugins(plugins)
                            .withTicker(ticker)
                            .withEnvironment(name -> name.equals("SALLYPORT_DATA_DIR") ? data : environment.get(name))
                            .withLog(new EventLog(events.stream(), EventLog.Format.LOGFMT))
                            .withStandardOut(accessLog));
            return this;
        } catch (StartException e) {
            throw new AssertionError("the gateway does not start: " + e.getMessage() + "\n" + events.text(), e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String complete(String yaml) {
        return yaml.contains("\nadmin:") ? yaml : yaml + "\nadmin: { bind: \"127.0.0.1:0\" }\n";
    }

    /// Reloads with other YAML.
    public ReloadResult reload(String changed) throws IOException {
        Path config = file;
        if (config == null) {
            throw new IllegalStateException("not started");
        }
        Files.writeString(config, complete(changed));
        return gateway().reload(Trigger.ADMIN);
    }

    public Gateway gateway() {
        Gateway started = gateway;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started;
    }

    /// The port of the listener called `public`.
    public int port() {
        return port("public");
    }

    public int port(String listener) {
        return gateway().port(listener);
    }

    /// Every line of the access log so far.
    public List<LogLine> log() {
        return accessLog.text().lines().map(LogLine::parse).toList();
    }

    /// The access log as written so far.
    public String logText() {
        return accessLog.text();
    }

    /// What the process told of itself so far.
    public String events() {
        return events.text();
    }

    /// The lines of the access log that `client` caused so far.
    public List<LogLine> logOf(RawClient client) {
        String port = Integer.toString(client.localPort());
        return log().stream()
                .filter(line -> line.field("client.port").equals(port))
                .toList();
    }

    /// The lines of the access log about requests from `address` to `path` so far.
    public List<LogLine> logOf(String path, String address) {
        return log().stream()
                .filter(line -> line.field("client.address").equals(address)
                        && line.field("url.path").equals(path))
                .toList();
    }

    /// The lines of the access log that `client` caused; waits for `count`.
    public List<LogLine> awaitLogOf(RawClient client, int count) {
        return Eventually.present(count + " log lines of client port " + client.localPort(), () -> {
            List<LogLine> lines = logOf(client);
            return lines.size() >= count ? lines : null;
        });
    }

    /// The first line of the access log that `client` caused; waits for it.
    public LogLine awaitLogOf(RawClient client) {
        return awaitLogOf(client, 1).getFirst();
    }

    /// The metrics in Prometheus text.
    public String metrics() throws IOException {
        return admin("/metrics").body();
    }

    /// Asks the admin listener with its token.
    public Response admin(String path) throws IOException {
        return admin("GET", path, "");
    }

    /// Asks the admin listener with its token, with a JSON body where `body` is not empty.
    public Response admin(String method, String path, String body) throws IOException {
        String fields =
                body.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        try (RawClient client = RawClient.connect(gateway().admin().getPort())) {
            return client.exchange(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                    + gateway().admin().getPort() + "\r\nAuthorization: Bearer "
                    + gateway().adminToken()
                    + "\r\n" + fields + "Connection: close\r\n\r\n" + body);
        }
    }

    /// The value of the only series of `metric` (as Prometheus spells it) whose labels contain `labels`.
    public double metric(String metric, String labels) throws IOException {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> line.contains(labels))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce((a, b) -> {
                    throw new AssertionError("more than one series of " + metric + " with " + labels);
                })
                .orElseThrow(() -> new AssertionError("no series of " + metric + " with " + labels));
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        Path config = file;
        if (config != null) {
            try (Stream<Path> left = Files.walk(config.getParent())) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A stream into memory.
    private static final class Capture extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            bytes.write(b);
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes.write(b, offset, length);
        }

        java.io.PrintStream stream() {
            return new java.io.PrintStream(bytes, true, StandardCharsets.UTF_8);
        }

        /// Whole lines only.
        String text() {
            String all = bytes.toString(StandardCharsets.UTF_8);
            return all.substring(0, all.lastIndexOf('\n') + 1);
        }
    }
}
