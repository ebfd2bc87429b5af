package dev.sallyport.dataplane.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Http2Peer;
import dev.sallyport.testing.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Frames out of octets, however these arrive.
class FrameReaderTest {
    /// Writes down what it hears; pieces of one DATA frame are joined.
    private static final class Heard implements FrameListener {
        private final List<String> events = new ArrayList<>();
        private final StringBuilder data = new StringBuilder();
        private int padding;

        @Override
        public void onData(int stream, ByteBuf piece, int padded, boolean last) {
            data.append(Octets.text(ByteBufUtil.getBytes(piece)));
            piece.release();
            padding += padded;
            if (last) {
                events.add("data " + stream + " " + data + " " + padding);
                data.setLength(0);
                padding = 0;
            }
        }

        @Override
        public void onFieldBlock(int stream, byte[] block, int from, int to, boolean last) {
            events.add("fields " + stream + " " + new String(block, from, to - from, StandardCharsets.US_ASCII) + " "
                    + last);
        }

        @Override
        public void onReset(int stream, int code) {
            events.add("reset " + stream + " " + code);
        }

        @Override
        public void onSetting(int id, long value) {
            events.add("setting " + id + " " + value);
        }

        @Override
        public void onSettingsEnd() {
            events.add("settings");
        }

        @Override
        public void onSettingsAck() {
            events.add("ack");
        }

        @Override
        public void onPing(long opaque, boolean ack) {
            events.add("ping " + Long.toHexString(opaque) + " " + ack);
        }

        @Override
        public void onGoAway(int lastStream, int code) {
            events.add("goaway " + lastStream + " " + code);
        }

        @Override
        public void onWindowUpdate(int stream, int increment) {
            events.add("window " + stream + " " + increment);
        }

        @Override
        public void onStreamError(int stream, ErrorCode code) {
            events.add("stream error " + stream + " " + code);
        }

        @Override
        public void onConnectionError(ErrorCode code) {
            events.add("error " + code);
        }
    }

    private static final byte[] SETTINGS = Http2Peer.frame(4, 0, 0);

    private static List<String> read(int size, byte[]... frames) {
        Heard heard = new Heard();
        FrameReader reader = new FrameReader(heard, new FloodGuard(0), false, 40_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(SETTINGS);
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        byte[] octets = all.toByteArray();
        for (int at = 0; at < octets.length; at += size) {
            ByteBuf in = Unpooled.wrappedBuffer(octets, at, Math.min(size, octets.length - at));
            reader.read(in);
            in.release();
        }
        assertThat(heard.events.removeFirst()).isEqualTo("settings");
        return heard.events;
    }

    private static byte[] frame(int type, int flags, int stream, String payload) {
        return Http2Peer.frame(type, flags, stream, Octets.of(payload));
    }

    @Test
    void readsEveryFrameInPiecesOfAnySize() {
        byte[][] frames = {
            frame(1, 4, 1, "abc"),
            frame(1, 4 | 1 | 8 | 0x20, 3, "\u0002prio!hello__"),
            frame(0, 0, 1, "one "),
            frame(0, 8 | 1, 1, "\u0003two___"),
            frame(1, 0, 5, "a"),
            frame(9, 0, 5, "b"),
            frame(9, 4, 5, "c"),
            frame(2, 0, 5, "prio!"),
            frame(3, 0, 5, "\0\0\0\u0008"),
            frame(4, 0, 0, "\0\u0003\0\0\0d\0\u0004\u00ff\u00ff\u00ff\u00ff"),
            frame(4, 1, 0, ""),
            frame(6, 0, 0, "\1\2\3\4\5\6\7\u00ff"),
            frame(7, 0, 0, "\u0080\0\0\u0009\0\0\0\u000bwhy"),
            frame(8, 0, 0, "\u0080\0\0\1"),
            frame(0x42, 0, 9, "grease"),
            frame(0, 1, 7, "")
        };
        for (int size = 1; size < 200; size++) {
            assertThat(read(size, frames))
                    .containsExactly(
                            "fields 1 abc false",
                            "fields 3 hello true",
                            "data 1 one two 4",
                            "fields 5 abc false",
                            "reset 5 8",
                            "setting 3 100",
                            "setting 4 4294967295",
                            "settings",
                            "ack",
                            "ping 1020304050607ff false",
                            "goaway 9 11",
                            "window 0 1",
                            "data 7  0");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Wrong(byte[] frame, String event) {}

    @TestFactory
    Stream<DynamicTest> refusesFramesOfTheWrongShape() {
        List<Wrong> wrongs = List.of(
                new Wrong(frame(0, 0, 0, "x"), "error PROTOCOL_ERROR"),
                new Wrong(frame(0, 8, 1, ""), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(0, 8, 1, "\u0003ab"), "error PROTOCOL_ERROR"),
                new Wrong(frame(1, 4, 0, "x"), "error PROTOCOL_ERROR"),
                new Wrong(frame(1, 4 | 8, 1, ""), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(1, 4 | 8, 1, "\u0009abc"), "error PROTOCOL_ERROR"),
                new Wrong(frame(1, 4 | 0x20, 1, "abc"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(2, 0, 0, "prio!"), "error PROTOCOL_ERROR"),
                new Wrong(frame(2, 0, 1, "prio"), "stream error 1 FRAME_SIZE_ERROR"),
                new Wrong(frame(3, 0, 0, "\0\0\0\0"), "error PROTOCOL_ERROR"),
                new Wrong(frame(3, 0, 1, "\0\0\0"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(4, 0, 1, ""), "error PROTOCOL_ERROR"),
                new Wrong(frame(4, 0, 0, "\0\1\0\0\0"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(4, 1, 0, "\0\1\0\0\0\0"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(5, 4, 1, "\0\0\0\2"), "error PROTOCOL_ERROR"),
                new Wrong(frame(6, 0, 1, "12345678"), "error PROTOCOL_ERROR"),
                new Wrong(frame(6, 0, 0, "1234567"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(7, 0, 1, "12345678"), "error PROTOCOL_ERROR"),
                new Wrong(frame(7, 0, 0, "1234567"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(8, 0, 0, "\0\0\0\0"), "error PROTOCOL_ERROR"),
                new Wrong(frame(8, 0, 1, "\0\0\0\0"), "stream error 1 PROTOCOL_ERROR"),
                new Wrong(frame(8, 0, 1, "\0\0\0"), "error FRAME_SIZE_ERROR"),
                new Wrong(frame(9, 4, 1, "x"), "error PROTOCOL_ERROR"),
                new Wrong(Http2Peer.frame(0, 0, 1, 16_385, new byte[0]), "error FRAME_SIZE_ERROR"));
        return wrongs.stream()
                .map(wrong -> DynamicTest.dynamicTest(
                        Octets.visible(Octets.text(wrong.frame())),
                        () -> assertThat(read(1000, wrong.frame())).containsExactly(wrong.event())));
    }

    @Test
    void wantsNothingBetweenTheFramesOfABlock() {
        assertThat(read(7, frame(1, 0, 1, "a"), frame(0, 0, 1, "b"))).containsExactly("error PROTOCOL_ERROR");
        assertThat(read(7, frame(1, 0, 1, "a"), frame(9, 4, 3, "b"))).containsExactly("error PROTOCOL_ERROR");
        assertThat(read(7, frame(1, 0, 1, "a"), frame(6, 0, 0, "12345678"))).containsExactly("error PROTOCOL_ERROR");
    }

    @Test
    void DO_07_limitsFramesAndOctetsOfABlock() {
        byte[][] frames = new byte[20][];
        frames[0] = frame(1, 0, 1, "a");
        for (int i = 1; i < frames.length; i++) {
            frames[i] = frame(9, 0, 1, "b");
        }
        assertThat(read(100, frames)).containsExactly("error ENHANCE_YOUR_CALM");

        byte[] large = Http2Peer.frame(9, 0, 1, new byte[16_000]);
        assertThat(read(100_000, frame(1, 0, 1, "a"), large, large, large)).containsExactly("error ENHANCE_YOUR_CALM");
    }

    @Test
    void wantsSettingsFirst() {
        Heard heard = new Heard();
        new FrameReader(heard, new FloodGuard(0), false, 1000).read(Unpooled.wrappedBuffer(frame(6, 0, 0, "12345678")));
        assertThat(heard.events).containsExactly("error PROTOCOL_ERROR");
    }

    @Test
    void SM_27_wantsThePrefaceOctetByOctet() {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        for (int i = 0; i < preface.length(); i++) {
            Heard heard = new Heard();
            FrameReader reader = new FrameReader(heard, new FloodGuard(0), true, 1000);
            reader.read(Unpooled.wrappedBuffer(Octets.of(preface.substring(0, i) + "X")));
            assertThat(heard.events).containsExactly("error PROTOCOL_ERROR");
        }
    }
}
