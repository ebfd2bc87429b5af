package dev.sallyport.benchmarks;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A whole proxied request over loopback, with metrics and the access log on: read `gc.alloc.rate.norm`, the bytes
/// the gateway allocates for a request. Client and upstream allocate nothing. The time is a round trip through two
/// sockets.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"})
public class ProxyBenchmark {
    private static final byte[] REQUEST = ascii(
            "GET /orders/17?expand=lines HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n\r\n");
    private static final byte[] RESPONSE =
            ascii("HTTP/1.1 200 OK\r\nServer: origin\r\nDate: Wed, 25 Nov 2026 05:00:00 GMT\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 200\r\n\r\n" + "x".repeat(200));

    private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(4096);
    private @Nullable ServerSocketChannel upstream;
    private @Nullable Gateway gateway;
    private @Nullable SocketChannel client;
    private int answerLength;

    /// Starts upstream and gateway and learns how long an answer is.
    @Setup(Level.Trial)
    public void start() throws IOException, StartException {
        ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        upstream = listening;
        Thread.ofPlatform().daemon(true).start(() -> serve(listening));
        int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
        Path folder = Files.createTempDirectory("proxy-benchmark");
        Path config =
                Files.writeString(folder.resolve("sallyport.yaml"), """
                version: 1
                listeners: { plain: { bind: "127.0.0.1:0" } }
                upstreams: { origin: { endpoints: ["http://127.0.0.1:%d"] } }
                routes: { everything: { match: { path: "/**" }, access: public, upstream: origin } }
                observe: { access-log: { to: { file: "%s" } } }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(port, folder.resolve("access.log")));
        Gateway started =
                Gateway.start(config, GatewayOptions.usual().withLoops(1).withWatch(false));
        gateway = started;
        SocketChannel connected =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), started.port("plain")));
        client = connected;
        connected.write(request.rewind());
        answer.clear();
        while (answer.position() < RESPONSE.length || !endsWithBody()) {
            connected.read(answer);
        }
        answerLength = answer.position();
    }

    private boolean endsWithBody() {
        return answer.get(answer.position() - 1) == 'x' && answer.get(answer.position() - 200) == 'x';
    }

    @Benchmark
    public int proxied() throws IOException {
        SocketChannel connected = client;
        if (connected == null) {
            throw new IllegalStateException("not started");
        }
        connected.write(request.rewind());
        answer.clear();
        while (answer.position() < answerLength) {
            if (connected.read(answer) < 0) {
                throw new IOException("the gateway closed");
            }
        }
        return answer.position();
    }

    @TearDown(Level.Trial)
    public void stop() throws IOException {
        if (client != null) {
            client.close();
        }
        if (gateway != null) {
            gateway.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    /// Answers whatever ends with an empty line, one thread for each connection, without garbage.
    private static void serve(ServerSocketChannel listening) {
        try {
            while (true) {
                SocketChannel accepted = listening.accept();
                Thread.ofPlatform().daemon(true).start(() -> answer(accepted));
            }
        } catch (IOException _) {
            // closed: the benchmark is over
        }
    }

    private static void answer(SocketChannel accepted) {
        ByteBuffer in = ByteBuffer.allocateDirect(8192);
        ByteBuffer out = ByteBuffer.allocateDirect(RESPONSE.length).put(RESPONSE);
        try (accepted) {
            while (accepted.read(in) >= 0) {
                int end = in.position();
                if (end >= 4 && in.getInt(end - 4) == 0x0d0a0d0a) {
                    in.clear();
                    accepted.write(out.rewind());
                }
            }
        } catch (IOException _) {
            // closed: the benchmark is over
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
