package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A peer that has answered its first request; closing it ends its whole process tree.
final class Running implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Peer peer;
    private final Ports ports;
    private final Process process;
    private final double startMillis;

    private Running(Peer peer, Ports ports, Process process, double startMillis) {
        this.peer = peer;
        this.ports = ports;
        this.process = process;
        this.startMillis = startMillis;
    }

    /// Starts the peer and waits for the first proxied answer.
    ///
    /// @param oneCore whether it gets one core, or both
    static Running start(Peer peer, Ports ports, Path folder, boolean oneCore)
            throws IOException, InterruptedException {
        String cores = oneCore ? Tools.GATEWAY_CORE : Tools.BOTH_CORES;
        ProcessBuilder builder = new ProcessBuilder(Tools.pinned(cores, peer.command()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().putAll(peer.environment());
        long begin = System.nanoTime();
        Process process = builder.start();
        Tools.endWithThisJvm(process);
        while (!answers(ports.plain())) {
            if (!process.isAlive() || System.nanoTime() - begin > LONGEST_START.toNanos()) {
                process.destroyForcibly();
                throw new IOException(
                        peer.name() + " gave no answer; it said: " + Files.readString(folder.resolve("output.txt")));
            }
            Thread.sleep(1);
        }
        return new Running(peer, ports, process, (System.nanoTime() - begin) / 1e6);
    }

    Peer peer() {
        return peer;
    }

    Ports ports() {
        return ports;
    }

    /// From the start of the process to the first proxied byte.
    double startMillis() {
        return startMillis;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        Tools.end(process);
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            socket.setSoTimeout(2000);
            socket.getOutputStream()
                    .write("GET /start HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException _) {
            return false;
        }
    }
}
