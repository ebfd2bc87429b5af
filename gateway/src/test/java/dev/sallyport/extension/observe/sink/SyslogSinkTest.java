package dev.sallyport.extension.observe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.extension.observe.notify.Trust;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.SyslogCollector;
import dev.sallyport.testing.TestCertificates;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogSinkTest {
    private static final TestCertificates OURS = TestCertificates.authority("ours");
    private static final TestCertificates OTHERS = TestCertificates.authority("others");
    private static final SyslogSink.Speaker SPEAKER = new SyslogSink.Speaker(16, "sallyport", "gw1", 42);
    private static final String INFO = "{\"timestamp\":\"2026-11-25T04:00:00.007Z\",\"severity\":\"INFO\",\"n\":\"é\"}";
    private static final String WARN = "{\"@timestamp\":\"2026-11-25T04:00:00.008Z\",\"log.level\":\"WARN\"}";
    private static final String ERROR = "{\"timestamp\":\"2026-11-25T04:00:00.009Z\",\"severity\":\"ERROR\"}";

    @TempDir
    private Path directory;

    private static SyslogSink sink(SyslogConnection.Way way, int port, @Nullable SSLContext trust) {
        return new SyslogSink(new SyslogConnection(way, "127.0.0.1", port, trust), SPEAKER);
    }

    private static ByteBuffer lines(String... lines) {
        return ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void write(SyslogSink sink, String... lines) throws IOException {
        ByteBuffer buffer = lines(lines);
        sink.write(buffer);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    private SSLContext trust() throws IOException {
        Path file = Files.writeString(directory.resolve("ours.pem"), OURS.pem());
        return Objects.requireNonNull(Trust.of(file, Instant.now()));
    }

    private static final List<String> EXPECTED = List.of(
            "<134>1 2026-11-25T04:00:00.007Z gw1 sallyport 42 access - " + INFO,
            "<132>1 2026-11-25T04:00:00.008Z gw1 sallyport 42 access - " + WARN,
            "<131>1 2026-11-25T04:00:00.009Z gw1 sallyport 42 access - " + ERROR);

    @Test
    void countsOctetsOverTcp() throws IOException {
        try (SyslogCollector collector = SyslogCollector.start();
                SyslogSink sink = sink(SyslogConnection.Way.TCP, collector.port(), null)) {
            write(sink, INFO, WARN);
            write(sink, ERROR);
            Eventually.until("all came", () -> collector.messages().size() == 3);
            assertThat(collector.messages()).isEqualTo(EXPECTED);
            assertThat(collector.faults()).isEmpty();
        }
    }

    @Test
    void manyAndLongLinesComeWhole() throws IOException {
        String[] many = new String[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = INFO.replace("é", "é".repeat(i * 40) + i);
        }
        try (SyslogCollector collector = SyslogCollector.start();
                SyslogSink sink = sink(SyslogConnection.Way.TCP, collector.port(), null)) {
            write(sink, many);
            Eventually.until("all came", () -> collector.messages().size() == many.length);
            assertThat(collector.messages().getLast()).endsWith(many[499]);
            assertThat(collector.faults()).isEmpty();
        }
    }

    @Test
    void speaksTlsToWhomItBelieves() throws IOException {
        try (SyslogCollector collector = SyslogCollector.start(OURS.context(OURS.server("127.0.0.1")));
                SyslogSink sink = sink(SyslogConnection.Way.TLS, collector.port(), trust())) {
            write(sink, INFO, WARN, ERROR);
            Eventually.until("all came", () -> collector.messages().size() == 3);
            assertThat(collector.messages()).isEqualTo(EXPECTED);
        }
    }

    @Test
    void aCollectorThatNobodyVouchesForGetsNothing() throws IOException {
        try (SyslogCollector collector = SyslogCollector.start(OTHERS.context(OTHERS.server("127.0.0.1")));
                SyslogSink ours = sink(SyslogConnection.Way.TLS, collector.port(), trust());
                SyslogSink usual = sink(SyslogConnection.Way.TLS, collector.port(), null)) {
            assertThatThrownBy(() -> ours.write(lines(INFO))).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> usual.write(lines(INFO))).isInstanceOf(IOException.class);
            assertThat(collector.messages()).isEmpty();
        }
    }

    @Test
    void aCollectorOfAnotherNameGetsNothing() throws IOException {
        try (SyslogCollector collector = SyslogCollector.start(OURS.context(OURS.server("logs.example.com")));
                SyslogSink sink = sink(SyslogConnection.Way.TLS, collector.port(), trust())) {
            assertThatThrownBy(() -> sink.write(lines(INFO))).isInstanceOf(IOException.class);
            assertThat(collector.messages()).isEmpty();
        }
    }

    @Test
    void LG_08_comesBackAfterTheCollectorWasAway() throws IOException {
        int port;
        SyslogSink sink;
        try (SyslogCollector collector = SyslogCollector.start()) {
            port = collector.port();
            sink = sink(SyslogConnection.Way.TCP, port, null);
            write(sink, INFO);
            Eventually.until("it came", () -> collector.messages().size() == 1);
        }
        ByteBuffer buffer = lines(WARN);
        Eventually.until("it is missed", () -> !written(sink, lines(ERROR)));
        try (SyslogCollector again = SyslogCollector.at(port);
                sink) {
            Eventually.until("it is found again", () -> written(sink, buffer));
            Eventually.until("the line came", () -> again.messages().contains(EXPECTED.get(1)));
        }
    }

    private static boolean written(SyslogSink sink, ByteBuffer lines) {
        try {
            sink.write(lines);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void anEndedConnectionIsNoticedBeforeALineIsGivenToIt() throws IOException {
        try (SyslogCollector collector = SyslogCollector.start();
                SyslogSink sink = sink(SyslogConnection.Way.TCP, collector.port(), null)) {
            write(sink, INFO);
            Eventually.until("it came", () -> collector.messages().size() == 1);
            collector.disconnect();
            Eventually.until("it is tried again", () -> written(sink, lines(WARN)));
            Eventually.until("it came too", () -> collector.messages().contains(EXPECTED.get(1)));
        }
    }

    @Test
    void LG_08_anAttemptThatFailedIsNotRepeatedAtOnce() throws IOException {
        int port;
        try (SyslogCollector gone = SyslogCollector.start()) {
            port = gone.port();
        }
        AtomicLong now = new AtomicLong(1);
        SyslogConnection connection = new SyslogConnection(SyslogConnection.Way.TCP, "127.0.0.1", port, null);
        try (SyslogSink sink = new SyslogSink(connection, SPEAKER, now::get)) {
            assertThat(written(sink, lines(INFO))).isFalse();
            try (SyslogCollector back = SyslogCollector.at(port)) {
                now.addAndGet(249_000_000);
                assertThat(written(sink, lines(INFO))).isFalse();
                assertThat(back.messages()).isEmpty();
                now.addAndGet(1_000_000);
                assertThat(written(sink, lines(INFO))).isTrue();
            }
        }
    }

    @Test
    void LG_08_aWriteThatHangsCanBeBrokenOff() throws Exception {
        try (SyslogCollector collector = SyslogCollector.start().deaf();
                SyslogSink sink = sink(SyslogConnection.Way.TCP, collector.port(), null)) {
            String[] many = new String[400];
            Arrays.fill(many, INFO.replace("é", "x".repeat(60_000)));
            Thread hung = Thread.ofPlatform().daemon(true).start(() -> written(sink, lines(many)));
            Eventually.until("the write waits", () -> hung.getState() != Thread.State.NEW && sink.writing());
            sink.abort();
            hung.join(10_000);
            assertThat(hung.isAlive()).isFalse();
        }
    }

    @Test
    void LG_08_aCollectorThatNeverStopsTalkingIsNotListenedToForEver() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SyslogSink sink = sink(SyslogConnection.Way.TCP, listening.getLocalPort(), null)) {
            write(sink, INFO);
            try (Socket accepted = listening.accept()) {
                Thread talker = Thread.ofPlatform().daemon(true).start(() -> talk(accepted));
                Thread writer = Thread.ofPlatform().daemon(true).start(() -> written(sink, lines(WARN)));
                writer.join(10_000);
                assertThat(writer.isAlive()).isFalse();
                assertThat(talker.isAlive()).isTrue();
            }
        }
    }

    private static void talk(Socket to) {
        try {
            while (true) {
                to.getOutputStream().write(new byte[64 * 1024]);
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    @Test
    void aMessageIsADatagramOverUdp() throws IOException {
        try (DatagramSocket collector = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                SyslogSink sink = sink(SyslogConnection.Way.UDP, collector.getLocalPort(), null)) {
            collector.setSoTimeout(10_000);
            write(sink, INFO, WARN, "{\"t\":\"" + "x".repeat(66_000) + "\"}", ERROR);
            for (String expected : EXPECTED) {
                DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
                collector.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                        .isEqualTo(expected);
            }
            assertThat(sink.lost()).isEqualTo(1);
        }
    }
}
