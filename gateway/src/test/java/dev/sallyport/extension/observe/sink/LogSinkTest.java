package dev.sallyport.extension.observe.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSinkTest {
    private static ByteBuffer lines(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).position(2);
    }

    @Test
    void writesToAFileDescriptorAsItIs(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("out");
        try (FileOutputStream out = new FileOutputStream(file.toFile());
                LogSink sink = LogSink.to(out)) {
            ByteBuffer buffer = lines("..line\n");
            sink.write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(Files.readString(file)).isEqualTo("line\n");
        }
    }

    @Test
    void leavesNothingInABufferedStream() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (LogSink sink = LogSink.to(new PrintStream(new BufferedOutputStream(out), false, StandardCharsets.UTF_8))) {
            ByteBuffer buffer = lines("..line\n");
            sink.write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("line\n");
        }
    }

    @Test
    void LG_08_noticesAPrintStreamThatHasFailed() throws IOException {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (LogSink sink = LogSink.to(new PrintStream(broken, false, StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> sink.write(lines("..line\n"))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        LogSink.to(out).close();
        assertThat(out.size()).isZero();
    }
}
