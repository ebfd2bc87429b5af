package dev.sallyport.benchmarks.overload;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// How much a service still does for callers when they ask for once, twice and three times what it can do:
/// `benchmarks/run overload`. A service of 20 requests at once of 20 ms each is behind the gateway; a fifth of what it
/// can do is asked for with high priority, whatever the load. Goodput is what was answered within a second. Each row
/// is a gateway of its own; about three minutes in all. Stops what it started.
final class Overload {
    private static final int AT_ONCE = 20;
    private static final int MILLIS = 20;
    private static final double CAPACITY = AT_ONCE * 1000.0 / MILLIS;
    private static final double HIGH = CAPACITY / 5;
    private static final int WARM_UP = 6;
    private static final int SECONDS = 8;
    private static final List<Integer> LOADS = List.of(1, 2, 3);

    private final Path root;
    private final Path folder;

    private Overload(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    private record Row(String protection, int load, Callers.Felt high, Callers.Felt low) {
        double goodput() {
            return (high.served() + low.served()) / (double) SECONDS;
        }
    }

    /// Arguments: the repository.
    public static void main(String[] args) throws Exception {
        Overload overload = new Overload(Path.of(args[0]), Files.createTempDirectory("sallyport-overload"));
        Map<String, String> protections = new LinkedHashMap<>();
        protections.put("off", "");
        protections.put("a number", "concurrency: 24");
        protections.put("adaptive", "concurrency: { adaptive: { min: 5, max: 1000 } }");
        List<Row> rows = new ArrayList<>();
        for (Map.Entry<String, String> protection : protections.entrySet()) {
            for (int load : LOADS) {
                rows.add(overload.measure(protection.getKey(), protection.getValue(), load));
            }
        }
        double peak = rows.stream().mapToDouble(Row::goodput).max().orElse(1);
        System.out.println("| concurrency | load | goodput per s | of the peak | refused per s | too late per s |"
                + " high priority: answered in time | p50 ms | p99 ms |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        rows.forEach(row -> System.out.println(String.format(
                Locale.ROOT,
                "| %s | %d× | %.0f | %.0f %% | %d | %d | %.1f %% | %.0f | %.0f |",
                row.protection,
                row.load,
                row.goodput(),
                100 * row.goodput() / peak,
                (row.high.refused() + row.low.refused()) / SECONDS,
                (row.high.late() + row.low.late()) / SECONDS,
                100.0 * row.high.served() / row.high.sent(),
                row.high.p50(),
                row.high.p99())));
    }

    private Row measure(String name, String concurrency, int load) throws Exception {
        int port = freePort();
        try (SlowService service = new SlowService(AT_ONCE, MILLIS)) {
            Process gateway = start(port, service.port(), concurrency);
            try {
                await(gateway, port);
                Callers high = new Callers(port, "/high", HIGH);
                Callers low = new Callers(port, "/low", load * CAPACITY - HIGH);
                CompletableFuture<Callers.Felt> felt = new CompletableFuture<>();
                Thread.ofPlatform().start(() -> {
                    try {
                        felt.complete(high.ask(WARM_UP, SECONDS));
                    } catch (InterruptedException e) {
                        felt.completeExceptionally(e);
                    }
                });
                Callers.Felt lows = low.ask(WARM_UP, SECONDS);
                return new Row(name, load, felt.get(1, TimeUnit.MINUTES), lows);
            } finally {
                gateway.destroy();
                if (!gateway.waitFor(10, TimeUnit.SECONDS)) {
                    gateway.destroyForcibly();
                }
            }
        }
    }

    private Process start(int port, int upstream, String concurrency) throws IOException {
        Path configuration = Files.writeString(
                folder.resolve("sallyport.yaml"), """
                version: 1
                listeners:
                  plain: { bind: "127.0.0.1:%d", limits: { connections-per-address: 50000 } }
                upstreams:
                  slow:
                    endpoints: ["http://127.0.0.1:%d"]
                    pool: { max-connections: 20000, max-pending: 20000 }
                    timeouts: { response-head: 30s }
                    %s
                routes:
                  high: { match: { path: /high }, access: public, upstream: slow, priority: high }
                  low: { match: { path: /low }, access: public, upstream: slow }
                observe: { access-log: { to: off } }
                admin: { bind: "127.0.0.1:%d" }
                """.formatted(port, upstream, concurrency, freePort()));
        ProcessBuilder builder = new ProcessBuilder(
                        "taskset",
                        "-c",
                        "0",
                        root.resolve("sallyport").toString(),
                        "run",
                        "--loops",
                        "1",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().put("SALLYPORT_BUILD", "off");
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    private void await(Process gateway, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException notYet) {
                if (!gateway.isAlive() || System.nanoTime() > end) {
                    throw new IOException(
                            "the gateway does not start: " + Files.readString(folder.resolve("output.txt")), notYet);
                }
                Thread.sleep(20);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
