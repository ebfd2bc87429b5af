package dev.sallyport.extension.authn.apikey.key;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// What an API key looks like: `sp_`, a public id, `_`, 160 random bits and a checksum, in letters and digits.
///
/// Scanners of repositories and logs recognise it by [#PATTERN] and the checksum; a mistyped one is told from a wrong
/// one without a look-up (threat AK-02).
public final class KeyForm {
    /// The form as a regular expression, for scanners.
    public static final String PATTERN = "sp_[0-9A-Za-z]{12}_[0-9A-Za-z]{33}";

    /// How long every key is.
    public static final int LENGTH = 49;

    private static final String PREFIX = "sp_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int LETTERS_FROM = 10;
    private static final int ID_LENGTH = 12;
    private static final int ID_END = 3 + ID_LENGTH;
    /// 62^27 is more than 2^160.
    private static final int RANDOM_LENGTH = 27;

    private static final int CHECKSUM_LENGTH = 6;
    private static final int CHECKED = LENGTH - CHECKSUM_LENGTH;

    private KeyForm() {}

    /// A new key.
    public static String make(SecureRandom random) {
        StringBuilder key = new StringBuilder(LENGTH).append(PREFIX);
        // an id that begins with a letter is text in every notation
        key.append(DIGITS.charAt(random.nextInt(LETTERS_FROM, DIGITS.length())));
        append(key, random, ID_LENGTH - 1);
        key.append('_');
        append(key, random, RANDOM_LENGTH);
        long sum = checksum(key);
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            key.append(digit(sum, i));
        }
        return key.toString();
    }

    private static void append(StringBuilder key, SecureRandom random, int count) {
        for (int i = 0; i < count; i++) {
            key.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
    }

    /// The public id of `key`, or null when this is no key.
    public static @Nullable String id(String key) {
        if (key.length() != LENGTH || !key.startsWith(PREFIX) || key.charAt(ID_END) != '_') {
            return null;
        }
        for (int i = PREFIX.length(); i < LENGTH; i++) {
            if (i != ID_END && !isDigit(key.charAt(i))) {
                return null;
            }
        }
        long sum = checksum(key);
        for (int i = 0; i < CHECKSUM_LENGTH; i++) {
            if (key.charAt(CHECKED + i) != digit(sum, i)) {
                return null;
            }
        }
        return key.substring(PREFIX.length(), ID_END);
    }

    /// Whether `text` could be the public id of a key.
    public static boolean isId(String text) {
        return text.length() == ID_LENGTH && text.chars().allMatch(KeyForm::isDigit);
    }

    private static boolean isDigit(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static long checksum(CharSequence key) {
        CRC32 crc = new CRC32();
        crc.update(key.toString().getBytes(StandardCharsets.ISO_8859_1), 0, CHECKED);
        return crc.getValue();
    }

    private static char digit(long sum, int place) {
        long rest = sum;
        for (int i = 0; i < place; i++) {
            rest /= DIGITS.length();
        }
        return DIGITS.charAt((int) (rest % DIGITS.length()));
    }
}
