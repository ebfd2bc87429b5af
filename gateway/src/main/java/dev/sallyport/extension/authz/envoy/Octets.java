package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.plugin.OffLoop;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Messages that gRPC takes as they are: others write and read them.
@OffLoop("threads of gRPC")
final class Octets implements MethodDescriptor.Marshaller<byte[]> {
    static final Octets MARSHALLER = new Octets();

    private Octets() {}

    @Override
    public InputStream stream(byte[] message) {
        return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
        try {
            return message.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
