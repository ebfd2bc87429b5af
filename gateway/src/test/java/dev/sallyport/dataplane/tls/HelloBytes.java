package dev.sallyport.dataplane.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Builds ClientHellos that no decent client sends.
final class HelloBytes {
    private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
    private int version = 0x0303;
    private int[] suites = {0xc02b, 0xc02f};

    /// The version field; without `supported_versions` the highest the client speaks.
    HelloBytes version(int field) {
        version = field;
        return this;
    }

    HelloBytes suites(int... offered) {
        suites = offered;
        return this;
    }

    HelloBytes serverName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        return extension(0, vector(2, concat(new byte[] {0}, vector(2, text))));
    }

    HelloBytes alpn(String... protocols) {
        byte[] list = {};
        for (String protocol : protocols) {
            list = concat(list, vector(1, protocol.getBytes(StandardCharsets.ISO_8859_1)));
        }
        return extension(16, vector(2, list));
    }

    /// What a TLS 1.2 client needs besides: groups, point formats, signature algorithms.
    HelloBytes usual() {
        return extension(10, vector(2, new byte[] {0, 29, 0, 23}))
                .extension(11, vector(1, new byte[] {0}))
                .extension(13, vector(2, new byte[] {4, 3, 8, 4, 4, 1}));
    }

    HelloBytes extension(int type, byte[] content) {
        extensions.writeBytes(number(2, type));
        extensions.writeBytes(vector(2, content));
        return this;
    }

    /// The message without its header.
    byte[] body() {
        byte[] offered = {};
        for (int suite : suites) {
            offered = concat(offered, number(2, suite));
        }
        return concat(
                number(2, version),
                new byte[32],
                vector(1, new byte[0]),
                vector(2, offered),
                vector(1, new byte[] {0}),
                vector(2, extensions.toByteArray()));
    }

    byte[] message() {
        return concat(new byte[] {1}, vector(3, body()));
    }

    byte[] record() {
        return record(message());
    }

    static byte[] record(byte[] fragment) {
        return concat(new byte[] {22, 3, 1}, vector(2, fragment));
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] vector(int lengthOctets, byte[] content) {
        return concat(number(lengthOctets, content.length), content);
    }

    static byte[] number(int octets, int value) {
        byte[] bytes = new byte[octets];
        for (int i = 0; i < octets; i++) {
            bytes[i] = (byte) (value >>> (8 * (octets - 1 - i)));
        }
        return bytes;
    }
}
