package dev.sallyport.dataplane.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientHelloReaderTest {
    private static final HelloBytes HELLO = new HelloBytes()
            .serverName("api.example.com")
            .alpn("h2", "http/1.1")
            .usual();

    /// Looks once for every octet that arrives.
    private static ClientHelloReader.State look(ClientHelloReader reader, byte[] bytes) {
        ByteBuf received = Unpooled.buffer(bytes.length);
        ClientHelloReader.State state = ClientHelloReader.State.INCOMPLETE;
        for (int i = 0; i < bytes.length && state == ClientHelloReader.State.INCOMPLETE; i++) {
            state = reader.look(received.writeByte(bytes[i]));
        }
        return state;
    }

    @Test
    void readsNameAndProtocols() {
        try (ClientHelloReader reader = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
            assertThat(look(reader, HELLO.record())).isEqualTo(ClientHelloReader.State.FOUND);
            assertThat(reader.hello()).isEqualTo(new ClientHello("api.example.com", List.of("h2", "http/1.1")));
        }
    }

    @Test
    void readsAClientHelloWithoutExtensions() {
        byte[] body = new HelloBytes().body();
        byte[] bare = Arrays.copyOf(body, body.length - 2);
        byte[] record = HelloBytes.record(HelloBytes.concat(new byte[] {1}, HelloBytes.vector(3, bare)));
        try (ClientHelloReader reader = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
            assertThat(look(reader, record)).isEqualTo(ClientHelloReader.State.FOUND);
            assertThat(reader.hello()).isEqualTo(new ClientHello(null, null));
        }
    }

    @Test
    void TL_01_everyCutIntoTwoRecordsReadsTheSame() {
        byte[] message = HELLO.message();
        for (int cut = 1; cut < message.length; cut++) {
            byte[] records = HelloBytes.concat(
                    HelloBytes.record(Arrays.copyOf(message, cut)),
                    HelloBytes.record(Arrays.copyOfRange(message, cut, message.length)));
            try (ClientHelloReader reader = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
                assertThat(look(reader, records)).as("cut at %s", cut).isEqualTo(ClientHelloReader.State.FOUND);
                assertThat(reader.hello().serverName()).isEqualTo("api.example.com");
            }
        }
    }

    @Test
    void TL_01_noPrefixIsTakenForTheWhole() {
        byte[] message = HELLO.message();
        for (int length = 4; length < message.length; length++) {
            byte[] shorter = Arrays.copyOf(message, length);
            int announced = length - 4;
            shorter[1] = 0;
            shorter[2] = (byte) (announced >>> 8);
            shorter[3] = (byte) announced;
            try (ClientHelloReader reader = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
                ClientHelloReader.State state = look(reader, HelloBytes.record(shorter));
                if (state == ClientHelloReader.State.FOUND) {
                    // only where the extensions are missing as a whole
                    assertThat(reader.hello()).isEqualTo(new ClientHello(null, null));
                } else {
                    assertThat(state).isEqualTo(ClientHelloReader.State.MALFORMED);
                }
            }
        }
    }

    /// Whatever comes, the reader ends with a state and looks at no octet outside.
    @FuzzTest
    void readsAnything(byte[] bytes) {
        try (ClientHelloReader reader = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
            ClientHelloReader.State state = reader.look(Unpooled.wrappedBuffer(bytes));
            try (ClientHelloReader slow = new ClientHelloReader(UnpooledByteBufAllocator.DEFAULT)) {
                ClientHelloReader.State slowly = look(slow, bytes);
                if (state != ClientHelloReader.State.TOO_LONG && bytes.length > 0) {
                    assertThat(slowly).isEqualTo(state);
                }
            }
            if (state == ClientHelloReader.State.FOUND) {
                assertThat(reader.hello().serverName()).isNotEqualTo("");
            }
        }
    }
}
