package dev.sallyport.benchmarks.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// What gateways that share limits allow together, of what the limit allows: `benchmarks/run shared-limits`.
///
/// One Redis, then two and four gateways, each a process. All of them are asked for the same key, together for nearly
/// twice as much as it may have, while the Redis is well, and while it is killed, stopped for five seconds, stopped
/// and let go on again and again, and killed and started empty. Beside that, tokens that may be used once are shown to
/// two gateways each, and again some seconds later: how many were taken twice is told too.
final class SharedLimits {
    private static final int SECONDS = 12;
    private static final double OFFERED = 1.8;
    private static final long TOKEN_EVERY_MILLIS = 20;

    private final Path folder;
    private final RedisProcess redis;
    private final OnceTokens tokens;
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();

    private SharedLimits(Path folder, RedisProcess redis, OnceTokens tokens) {
        this.folder = folder;
        this.redis = redis;
        this.tokens = tokens;
    }

    /// Something that becomes of the Redis.
    private interface Fault {
        void happen() throws IOException, InterruptedException;
    }

    public static void main(String[] args) throws IOException, InterruptedException, GeneralSecurityException {
        Path folder = Files.createTempDirectory("sallyport-shared");
        Files.writeString(folder.resolve("state.key"), "0123456789abcdef0123456789abcdef");
        OnceTokens tokens = new OnceTokens();
        Files.writeString(folder.resolve("jwks.json"), tokens.jwks());
        try (RedisProcess redis = new RedisProcess(folder, Processes.freePort())) {
            redis.start();
            SharedLimits all = new SharedLimits(folder, redis, tokens);
            System.out.println("| gateways | share | the store is | allowed / limit | answers 5xx | p50 ms | p99 ms | "
                    + "tokens shown | taken twice |");
            System.out.println("|---|---|---|---|---|---|---|---|---|");
            try {
                for (int number : new int[] {2, 4}) {
                    all.grow(number);
                    for (String share : List.of("strict", "leased")) {
                        all.measure(share);
                    }
                }
            } finally {
                all.gateways.forEach(GatewayProcess::close);
            }
        }
        System.exit(0);
    }

    private void grow(int number) throws IOException, InterruptedException {
        while (gateways.size() < number) {
            gateways.add(GatewayProcess.start(folder, "gateway" + gateways.size(), redis.port()));
        }
        run("leased", () -> {}, 5);
        run("strict", () -> {}, 5);
    }

    private void measure(String share) throws IOException, InterruptedException {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("well", () -> {});
        faults.put("killed for 4 s, then empty", () -> {
            Thread.sleep(3000);
            redis.kill();
            Thread.sleep(4000);
            redis.start();
        });
        faults.put("hung for 5 s", () -> {
            Thread.sleep(3000);
            redis.signal("STOP");
            Thread.sleep(5000);
            redis.signal("CONT");
        });
        faults.put("hung for 100 ms, again and again", () -> {
            Thread.sleep(2000);
            for (int i = 0; i < 40; i++) {
                redis.signal("STOP");
                Thread.sleep(100);
                redis.signal("CONT");
                Thread.sleep(100);
            }
        });
        faults.put("started again, empty, five times", () -> {
            for (int i = 0; i < 5; i++) {
                Thread.sleep(1500);
                redis.kill();
                redis.start();
            }
        });
        for (Map.Entry<String, Fault> fault : faults.entrySet()) {
            Outcome outcome = run(share, fault.getValue(), SECONDS);
            System.out.println("| %d | %s | %s | %.3f | %d | %.2f | %.2f | %d | %d |"
                    .formatted(
                            gateways.size(),
                            share,
                            fault.getKey(),
                            outcome.allowed / (GatewayProcess.RATE * (1 + outcome.seconds)),
                            outcome.failed,
                            outcome.p50,
                            outcome.p99,
                            outcome.shown,
                            outcome.twice));
            // what was hung or killed is well again before the next
            Thread.sleep(3000);
        }
    }

    /// What became of one run.
    private record Outcome(long allowed, long failed, double seconds, double p50, double p99, int shown, int twice) {}

    private Outcome run(String share, Fault fault, int seconds) throws InterruptedException {
        String field = "X-Key: key" + keys.incrementAndGet() + "\r\n";
        AtomicLong allowed = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        Queue<double[]> waits = new ConcurrentLinkedQueue<>();
        Replays replays = new Replays();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (GatewayProcess gateway : gateways) {
            // two connections each, so that one slow answer does not keep the offer below the limit
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    double perSecond = OFFERED * GatewayProcess.RATE / (2.0 * gateways.size());
                    waits.add(load(gateway.port(), "/" + share, field, perSecond, end, allowed, failed));
                }));
            }
        }
        threads.add(Thread.ofPlatform().start(() -> replays.show(end)));
        Thread failing = Thread.ofPlatform().start(() -> {
            try {
                fault.happen();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        for (Thread thread : threads) {
            thread.join();
        }
        double took = (System.nanoTime() - begun) / 1e9;
        failing.join();
        replays.showAgain();
        double[] sorted = waits.stream()
                .flatMapToDouble(java.util.Arrays::stream)
                .sorted()
                .toArray();
        return new Outcome(
                allowed.get(),
                failed.get(),
                took,
                sorted[sorted.length / 2],
                sorted[sorted.length * 99 / 100],
                replays.shown.size(),
                replays.twice.get());
    }

    /// Sends at a pace, one after the other; milliseconds that each answer took.
    private static double[] load(
            int port, String path, String field, double perSecond, long end, AtomicLong allowed, AtomicLong failed) {
        List<Double> waits = new ArrayList<>();
        try (Caller caller = new Caller(port)) {
            long due = System.nanoTime();
            while (due < end && System.nanoTime() < end) {
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                long sent = System.nanoTime();
                int status = caller.ask(path, field);
                waits.add((System.nanoTime() - sent) / 1e6);
                if (status == 200) {
                    allowed.incrementAndGet();
                } else if (status >= 500) {
                    failed.incrementAndGet();
                }
                due += (long) (1e9 / perSecond);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return waits.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Tokens that are shown more than once.
    private final class Replays {
        private final Map<String, Integer> shown = new LinkedHashMap<>();
        private final AtomicInteger twice = new AtomicInteger();

        /// Shows a new token to two gateways at a time, and every fifth of those before again.
        void show(long end) {
            try {
                List<String> before = new ArrayList<>();
                for (int i = 0; System.nanoTime() < end; i++) {
                    String token = tokens.next();
                    before.add(token);
                    use(token, i);
                    use(token, i + 1);
                    if (i % 5 == 0) {
                        use(before.get(i / 2), i);
                    }
                    Thread.sleep(TOKEN_EVERY_MILLIS);
                }
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void showAgain() {
            int i = 0;
            for (String token : List.copyOf(shown.keySet())) {
                use(token, i++);
            }
        }

        private void use(String token, int which) {
            try (Caller caller =
                    new Caller(gateways.get(which % gateways.size()).port())) {
                boolean taken = caller.ask("/once", "Authorization: Bearer " + token + "\r\n") == 200;
                int times = shown.merge(token, taken ? 1 : 0, Integer::sum);
                if (taken && times > 1) {
                    twice.incrementAndGet();
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
