package dev.sallyport.dataplane.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.FieldGrammar;
import dev.sallyport.testing.Octets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Whatever octets come over HTTP/2: frames and field blocks are read to an end or refused, the same whether they
/// arrive at once or octet by octet, and what is accepted keeps to the grammar (threats H2-01 to H2-09).
class Http2FuzzTest {
    private static final int MAX_BLOCK = 4096;
    private static final int ROUNDS = 30_000;
    private static final long SEED = 20261125;

    /// Preface, SETTINGS, a request with DATA, PING, WINDOW_UPDATE, RST_STREAM and GOAWAY, all valid.
    private static final byte[] CONVERSATION = HexFormat.of()
            .parseHex("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a" + "000006040000000000" + "000300000064"
                    + "000014010400000001" + "828684410f7777772e6578616d706c652e636f6d"
                    + "00000500090000000103" + "61" + "000000" + "0000080600000000000102030405060708"
                    + "00000408000000000000000400" + "00000403000000000100000008"
                    + "0000080700000000000000000100000000");

    private static final List<String> BLOCKS = List.of(
            "828684410f7777772e6578616d706c652e636f6d",
            "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
            "82868441 8cf1e3c2e5f23a6ba0ab90f4ff",
            "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54",
            "3fe11f828684",
            "0f2b0a746578742f706c61696e10066e6f2d6e6f770130");

    @FuzzTest(maxDuration = "2m")
    void frames(byte[] data) {
        String whole = heard(data, Math.max(1, data.length));
        assertThat(heard(data, 1)).isEqualTo(whole);
        assertThat(heard(data, 7)).isEqualTo(whole);
    }

    @FuzzTest(maxDuration = "2m")
    void fieldBlocks(byte[] data) {
        HpackDecoder decoder = new HpackDecoder();
        FieldSection section = new FieldSection(8192, 100);
        // the second block meets the table that the first one left
        for (int half = 0; half < 2; half++) {
            int from = half * (data.length / 2);
            int to = half == 0 ? data.length / 2 : data.length;
            section.begin();
            if (!decoder.decode(data, from, to, section)) {
                return;
            }
            section.finish(FieldSection.Kind.REQUEST);
            if (section.acceptable()) {
                assertGrammatical(section);
            } else {
                assertThat(section.malformed() != null || section.refused() != null)
                        .isTrue();
            }
        }
    }

    private static void assertGrammatical(FieldSection section) {
        Headers headers = section.headers();
        for (int i = 0; i < headers.count(); i++) {
            assertThat(FieldGrammar.isToken(headers.bytes(), headers.lineStart(i), headers.nameEnd(i)))
                    .isTrue();
            assertThat(FieldGrammar.isValue(headers.bytes(), headers.valueStart(i), headers.valueEnd(i)))
                    .isTrue();
            assertThat(headers.name(i)).isLowerCase();
        }
        for (int i = section.pathStart(); i < section.pathEnd(); i++) {
            assertThat(section.pathBytes()[i]).isGreaterThan((byte) ' ');
        }
    }

    @Test
    void mutatedConversationsAreReadAlikeInAnyPieces() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            frames(mutated(CONVERSATION, random));
        }
    }

    @Test
    void mutatedFieldBlocksAreDecodedOrRefused() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            String both = BLOCKS.get(random.nextInt(BLOCKS.size())) + BLOCKS.get(random.nextInt(BLOCKS.size()));
            fieldBlocks(mutated(HexFormat.of().parseHex(both.replace(" ", "")), random));
        }
    }

    @Test
    void theConversationIsUnderstood() {
        assertThat(heard(CONVERSATION, 1))
                .contains("settings", "block 1 ", "data 1 a", "ping", "window 0", "reset 1", "goaway")
                .doesNotContain("error");
    }

    private static byte[] mutated(byte[] seed, SplittableRandom random) {
        byte[] data = seed.clone();
        for (int i = random.nextInt(1, 5); i > 0 && data.length > 0; i--) {
            int at = random.nextInt(data.length);
            switch (random.nextInt(4)) {
                case 0 -> data[at] = (byte) random.nextInt(256);
                case 1 -> data[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> data = Arrays.copyOf(data, at);
                default -> {
                    int length = Math.min(random.nextInt(1, 24), data.length - at);
                    byte[] longer = Arrays.copyOf(data, data.length + length);
                    System.arraycopy(data, at, longer, at + length, data.length - at);
                    data = longer;
                }
            }
        }
        return data;
    }

    /// What a listener hears of `data` when it arrives in pieces of `step` octets; parts of DATA are put together.
    private static String heard(byte[] data, int step) {
        Notes notes = new Notes();
        FrameReader reader = new FrameReader(notes, new FloodGuard(0), true, MAX_BLOCK);
        for (int at = 0; at < data.length; at += step) {
            ByteBuf piece = Unpooled.copiedBuffer(data, at, Math.min(step, data.length - at));
            reader.read(piece);
            piece.release();
        }
        return notes.note("all").toString();
    }

    private static final class Notes implements FrameListener {
        private final StringBuilder heard = new StringBuilder();
        private int dataOf;
        private int padding;

        private StringBuilder note(String text) {
            if (dataOf != 0) {
                heard.append(" padded by ").append(padding);
            }
            dataOf = 0;
            padding = 0;
            return heard.append('\n').append(text);
        }

        @Override
        public void onData(int stream, ByteBuf data, int more, boolean last) {
            String octets = Octets.text(ByteBufUtil.getBytes(data));
            data.release();
            if (dataOf != stream) {
                note("data ").append(stream).append(' ');
                dataOf = stream;
            }
            heard.append(octets);
            padding += more;
            if (last) {
                note("end ").append(stream);
            }
        }

        @Override
        public void onFieldBlock(int stream, byte[] block, int from, int to, boolean last) {
            note("block " + stream + ' ')
                    .append(HexFormat.of().formatHex(block, from, to))
                    .append(last);
        }

        @Override
        public void onReset(int stream, int code) {
            note("reset " + stream + ' ' + code);
        }

        @Override
        public void onSetting(int id, long value) {
            note("settings " + id + ' ' + value);
        }

        @Override
        public void onSettingsEnd() {
            note("settings end");
        }

        @Override
        public void onSettingsAck() {
            note("settings ack");
        }

        @Override
        public void onPing(long opaque, boolean ack) {
            note("ping " + opaque + ack);
        }

        @Override
        public void onGoAway(int lastStream, int code) {
            note("goaway " + lastStream + ' ' + code);
        }

        @Override
        public void onWindowUpdate(int stream, int increment) {
            note("window " + stream + ' ' + increment);
        }

        @Override
        public void onStreamError(int stream, ErrorCode code) {
            note("error of " + stream + ' ' + code);
        }

        @Override
        public void onConnectionError(ErrorCode code) {
            note("error " + code);
        }
    }
}
