package dev.sallyport.extension.state.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A program in Lua that the server runs in one step, and the name it knows it by.
///
/// @param text   the program; declares no keys but those it is given
/// @param digest SHA-1 in hexadecimal
public record Script(String text, String digest) {
    /// A script of this text.
    public static Script of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Script(text, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
