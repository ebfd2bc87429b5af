package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// What honest callers feel of a flood of forged tokens: `benchmarks/run flood`.
///
/// One honest client sends at a fixed rate from 127.0.0.1, alone and then beside a flood from 127.0.0.2 over 64
/// connections as fast as answers come; once with one token it used before, once with a new one each time. The same
/// flood without any token shows how much of it is the checking of signatures. Latency is counted from when a request
/// was due. Bounded in time; stops everything it started.
final class ForgedFlood {
    private static final int SECONDS = 10;
    private static final int WARM_UP_SECONDS = 15;
    private static final int HONEST_PER_SECOND = 200;
    private static final int FLOODING_CONNECTIONS = 64;
    private static final String HONEST = "127.0.0.1";
    private static final String HOSTILE = "127.0.0.2";
    private static final int TIMEOUT_MILLIS = 10_000;

    private final int port;
    private final List<String> tokens;
    private int nextToken;

    private ForgedFlood(int port, List<String> tokens) {
        this.port = port;
        this.tokens = tokens;
    }

    /// Arguments: the repository, then an algorithm of [Tokens], ES256 if none.
    public static void main(String[] args) throws IOException, InterruptedException {
        String algorithm = args.length > 1 ? args[1] : "ES256";
        Workplace place = Workplace.create();
        place.startUpstream();
        Tokens.write(Files.createDirectories(place.tokens()));
        Ports ports = Ports.free();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Peer peer = Peers.make("Sallyport, jwt", place, ports, Path.of(args[0]), java);
        List<String> tokens = Files.readAllLines(place.tokens().resolve(algorithm + ".txt"));
        try (Running _ = Running.start(peer, ports, place.folderOf(Peers.folder(peer.name())), true)) {
            new ForgedFlood(ports.plain(), tokens).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        flooded(this::forged, () -> honest(WARM_UP_SECONDS, true));
        System.out.println("| honest caller | flood | p50 ms | p99 ms | worst ms | refused | flood, answers per s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (boolean fresh : new boolean[] {false, true}) {
            String name = fresh ? "new token each time" : "token used before";
            print(name, "none", honest(SECONDS, fresh), 0);
            measure(name, "without a token", fresh, () -> "");
            measure(name, "forged tokens", fresh, this::forged);
        }
    }

    private void measure(String name, String flood, boolean fresh, Supplier<String> token)
            throws IOException, InterruptedException {
        Felt[] felt = new Felt[1];
        long answered = flooded(token, () -> felt[0] = honest(SECONDS, fresh));
        print(name, flood, felt[0], answered / SECONDS);
    }

    private static void print(String name, String flood, Felt felt, long perSecond) {
        System.out.println("| " + name + " | " + flood + " | " + felt + " | " + perSecond + " |");
    }

    /// What the honest client felt.
    private static final class Felt {
        private final double[] millis;
        private final int refused;

        Felt(double[] millis, int refused) {
            this.millis = millis;
            this.refused = refused;
        }

        @Override
        public String toString() {
            return "%.2f | %.2f | %.2f | %d".formatted(at(0.5), at(0.99), millis[millis.length - 1], refused);
        }

        private double at(double share) {
            return millis[(int) Math.min(millis.length - 1L, Math.round(share * millis.length))];
        }
    }

    private Felt honest(int seconds, boolean fresh) throws IOException {
        double[] millis = new double[seconds * HONEST_PER_SECOND];
        int refused = 0;
        try (Socket socket = connect(HONEST)) {
            long begin = System.nanoTime();
            for (int i = 0; i < millis.length; i++) {
                long due = begin + i * 1_000_000_000L / HONEST_PER_SECOND;
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                int status = ask(socket, fresh ? tokens.get(nextToken++ % tokens.size()) : tokens.getLast());
                millis[i] = (System.nanoTime() - due) / 1e6;
                refused += status == 200 ? 0 : 1;
            }
        }
        Arrays.sort(millis);
        return new Felt(millis, refused);
    }

    /// Something done while the flood goes on.
    private interface Meanwhile {
        void run() throws IOException;
    }

    /// Does `meanwhile` beside a flood of requests with `token`s; how many of them were answered.
    private long flooded(Supplier<String> token, Meanwhile meanwhile) throws IOException, InterruptedException {
        AtomicBoolean on = new AtomicBoolean(true);
        AtomicLong answered = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < FLOODING_CONNECTIONS; i++) {
            threads.add(Thread.startVirtualThread(() -> flood(token, on, answered)));
        }
        try {
            meanwhile.run();
        } finally {
            on.set(false);
            for (Thread thread : threads) {
                thread.join(TIMEOUT_MILLIS);
            }
        }
        return answered.get();
    }

    private void flood(Supplier<String> token, AtomicBoolean on, AtomicLong answered) {
        while (on.get()) {
            try (Socket socket = connect(HOSTILE)) {
                while (on.get()) {
                    ask(socket, token.get());
                    answered.incrementAndGet();
                }
            } catch (IOException _) {
                // closed on it: the flood comes again
            }
        }
    }

    /// A token with a signature that nobody made, other each time.
    private String forged() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder token = new StringBuilder(tokens.get(random.nextInt(tokens.size())));
        int signature = token.lastIndexOf(".") + 1;
        for (int i = 0; i < 8; i++) {
            int at = signature + random.nextInt(token.length() - signature - 1);
            token.setCharAt(at, (char) ('a' + random.nextInt(26)));
        }
        return token.toString();
    }

    private Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /// The status of the answer; its body is read away.
    private static int ask(Socket socket, String token) throws IOException {
        socket.getOutputStream()
                .write(("GET / HTTP/1.1\r\nHost: localhost\r\n"
                                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("closed");
            }
            head.append((char) octet);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length: ");
        if (length >= 0) {
            int end = lower.indexOf('\r', length);
            in.skipNBytes(Long.parseLong(lower.substring(length + "content-length: ".length(), end)));
        }
        return Integer.parseInt(lower.substring("http/1.1 ".length(), "http/1.1 ".length() + 3));
    }
}
