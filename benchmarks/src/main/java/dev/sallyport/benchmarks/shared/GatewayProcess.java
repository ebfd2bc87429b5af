package dev.sallyport.benchmarks.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A gateway with limits that are shared, and a route that takes each token once.
final class GatewayProcess implements AutoCloseable {
    /// Requests per second of each limit, and at once.
    static final int RATE = 400;

    private static final long START_MILLIS = 90_000;

    private final Process process;
    private final int port;

    private GatewayProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static GatewayProcess start(Path folder, String name, int redis) throws IOException, InterruptedException {
        int port = Processes.freePort();
        Path config = Files.writeString(folder.resolve(name + ".yaml"), """
                version: 1
                listeners: { public: { bind: "127.0.0.1:%1$d" } }
                admin: { bind: "127.0.0.1:%2$d" }
                state: { redis: { url: "redis://127.0.0.1:%3$d", key: "${file:%4$s/state.key}" } }
                observe: { access-log: { to: off } }
                authenticators:
                  once: { kind: jwt, issuer: "%5$s", jwks: %4$s/jwks.json, audience: a, max-lifetime: 15m, clock-skew: 1s, replay: { single-use: true } }
                limits:
                  strict: { key: { header: X-Key }, rate: %6$d/s, share: strict }
                  leased: { key: { header: X-Key }, rate: %6$d/s }
                routes:
                  up: { match: { path: /up }, access: public, respond: { status: 200 } }
                  strict: { match: { path: /strict }, access: public, limits: [strict], respond: { status: 200 } }
                  leased: { match: { path: /leased }, access: public, limits: [leased], respond: { status: 200 } }
                  once: { match: { path: /once }, access: { authenticate: [once] }, respond: { status: 200 } }
                """.formatted(
                        port, Processes.freePort(), redis, folder, OnceTokens.ISSUER, RATE));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sallyport.app.cli.Main",
                        "run",
                        "--loops",
                        "1",
                        config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        Processes.endWithThisJvm(process);
        long end = System.currentTimeMillis() + START_MILLIS;
        while (true) {
            try (Caller caller = new Caller(port)) {
                if (caller.ask("/up", "") == 200) {
                    return new GatewayProcess(process, port);
                }
            } catch (IOException _) {
                // not yet
            }
            if (System.currentTimeMillis() > end || !process.isAlive()) {
                throw new IOException("a gateway does not start: " + Files.readString(folder.resolve(name + ".log")));
            }
            Thread.sleep(50);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
