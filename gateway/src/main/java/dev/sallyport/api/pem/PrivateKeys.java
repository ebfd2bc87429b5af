package dev.sallyport.api.pem;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/// Private keys in the forms that tools write: PKCS #8, PKCS #1 (RSA) and SEC 1 (EC).
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] RSA = {0x30, 13, 6, 9, 42, (byte) 0x86, 72, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    private static final byte[] EC_PUBLIC_KEY = {6, 7, 42, (byte) 0x86, 72, (byte) 0xce, 61, 2, 1};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;
    private static final int PARAMETERS = 0xa0;

    private PrivateKeys() {}

    /// The one private key in `file`.
    ///
    /// @throws PemException when there is none, or it is encrypted or of an unknown form
    static PrivateKey in(Pem file) throws PemException {
        for (Pem.Block block : file.blocks()) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return parse(file, block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return parse(file, sequence(VERSION_0, RSA, element(OCTET_STRING, block.der())));
                }
                case "EC PRIVATE KEY" -> {
                    byte[] algorithm = sequence(EC_PUBLIC_KEY, curve(file, block.der()));
                    return parse(file, sequence(VERSION_0, algorithm, element(OCTET_STRING, block.der())));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new PemException(
                            file.source() + ": the private key is encrypted (expected: an unencrypted one"
                                    + " that only the gateway's user can read)");
                default -> {}
            }
        }
        throw new PemException(file.source() + ": holds no private key");
    }

    private static PrivateKey parse(Pem file, byte[] pkcs8) throws PemException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // of another algorithm
            } catch (GeneralSecurityException e) {
                throw new PemException(file.source() + ": " + e.getMessage(), e);
            }
        }
        throw new PemException(file.source() + ": the private key is of an unknown kind (expected: EC or RSA)");
    }

    /// The object identifier of the curve: the content of the parameters in a SEC 1 key (RFC 5915).
    private static byte[] curve(Pem file, byte[] sec1) throws PemException {
        try {
            int at = contentOf(sec1, 0);
            while (at < sec1.length) {
                int content = contentOf(sec1, at);
                int length = lengthAt(sec1, at);
                if ((sec1[at] & 0xff) == PARAMETERS) {
                    return Arrays.copyOfRange(sec1, content, content + length);
                }
                at = content + length;
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new PemException(file.source() + ": the EC private key is cut off", e);
        }
        throw new PemException(file.source() + ": the EC private key names no curve");
    }

    private static int lengthAt(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = (length << 8) | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static int contentOf(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static byte[] sequence(byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        return element(SEQUENCE, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        int length = content.length;
        if (length < 0x80) {
            der.write(length);
        } else if (length < 0x100) {
            der.write(0x81);
            der.write(length);
        } else {
            der.write(0x82);
            der.write(length >> 8);
            der.write(length);
        }
        der.writeBytes(content);
        return der.toByteArray();
    }
}
