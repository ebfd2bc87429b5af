package dev.sallyport.controlplane.tls;

import dev.sallyport.dataplane.tls.TlsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The blocks of a PEM file (RFC 7468); text between them is ignored.
record PemFile(Path path, List<Block> blocks) {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final long MAX_SIZE = 1 << 20;

    PemFile {
        blocks = List.copyOf(blocks);
    }

    /// One block.
    ///
    /// @param der the decoded octets
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    record Block(String label, byte[] der) {}

    /// Reads `path`.
    ///
    /// @throws TlsException when it cannot be read or holds no block
    static PemFile read(Path path) throws TlsException {
        String text;
        try {
            if (Files.size(path) > MAX_SIZE) {
                throw new TlsException(path + ": larger than " + MAX_SIZE + " bytes (expected: a PEM file)");
            }
            text = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsException(path + ": no such file", e);
        } catch (IOException e) {
            throw new TlsException(path + ": cannot be read: " + e.getMessage(), e);
        }
        List<Block> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            blocks.add(new Block(block.group(1), decode(path, block.group(1), block.group(2))));
        }
        if (blocks.isEmpty()) {
            throw new TlsException(path + ": holds no PEM block (expected: -----BEGIN …-----)");
        }
        return new PemFile(path, blocks);
    }

    private static byte[] decode(Path path, String label, String body) throws TlsException {
        if (body.contains(":")) {
            throw new TlsException(
                    path + ": the block " + label + " is encrypted or has headers (expected: an unencrypted one)");
        }
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new TlsException(path + ": the block " + label + " is not valid Base64", e);
        }
    }
}
