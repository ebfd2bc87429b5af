package dev.sallyport.extension.authn.basic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A password as it is stored: Argon2id (RFC 9106) in its usual notation, or bcrypt. To check one costs tens of
/// milliseconds on purpose: never on an event loop.
public final class PasswordHash {
    /// Longer ones bcrypt cannot tell apart.
    public static final int MOST_OCTETS_BCRYPT = 72;

    private static final Pattern ARGON2ID = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
    private static final String EXPECTED =
            "expected: a line of `sallyport key hash-password`: $argon2id$v=19$m=…,t=…,p=…$…$… or $2b$…";

    /// OWASP's least for Argon2id, and for bcrypt.
    private static final int LEAST_MEMORY_KIB = 7 << 10;

    private static final int LEAST_BCRYPT_COST = 10;

    /// What costs more is a mistake, or an attempt to stop the gateway.
    private static final int MOST_MEMORY_KIB = 256 << 10;

    private static final int MOST_ITERATIONS = 16;
    private static final int MOST_LANES = 8;
    private static final int MOST_BCRYPT_COST = 14;

    private static final int MEMORY_KIB = 19 << 10;
    private static final int ITERATIONS = 2;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;
    private static final int BCRYPT_COST = 12;

    private final String text;
    private final Check check;

    @FunctionalInterface
    private interface Check {
        boolean matches(byte[] password);
    }

    private PasswordHash(String text, Check check) {
        this.text = text;
        this.check = check;
    }

    /// The hash that `text` is.
    ///
    /// @throws IllegalArgumentException `text` is no hash, a weak one or an absurdly expensive one; the
    ///     message does not show it
    public static PasswordHash parse(String text) {
        Matcher argon2 = ARGON2ID.matcher(text);
        if (argon2.matches()) {
            return argon2(text, argon2);
        }
        Matcher bcrypt = BCRYPT.matcher(text);
        if (!bcrypt.matches()) {
            throw new IllegalArgumentException("not a hash (" + EXPECTED + ")");
        }
        require("bcrypt cost", Integer.parseInt(bcrypt.group(1)), LEAST_BCRYPT_COST, MOST_BCRYPT_COST);
        return new PasswordHash(text, password -> {
            boolean same = OpenBSDBCrypt.checkPassword(text, password);
            return same && password.length <= MOST_OCTETS_BCRYPT;
        });
    }

    private static PasswordHash argon2(String text, Matcher parts) {
        int memory = Integer.parseInt(parts.group(1));
        int iterations = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        require("argon2id m", memory, LEAST_MEMORY_KIB, MOST_MEMORY_KIB);
        require("argon2id t", iterations, 1, MOST_ITERATIONS);
        require("argon2id p", lanes, 1, MOST_LANES);
        byte[] salt = Base64.getDecoder().decode(parts.group(4));
        byte[] hash = Base64.getDecoder().decode(parts.group(5));
        Argon2Parameters parameters = parameters(memory, iterations, lanes, salt);
        return new PasswordHash(
                text, password -> MessageDigest.isEqual(argon2(parameters, password, hash.length), hash));
    }

    private static void require(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " (expected: " + least + " to " + most + ")");
        }
    }

    private static Argon2Parameters parameters(int memory, int iterations, int lanes, byte[] salt) {
        return new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(salt)
                .build();
    }

    private static byte[] argon2(Argon2Parameters parameters, byte[] password, int length) {
        byte[] hash = new byte[length];
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        generator.generateBytes(password, hash);
        return hash;
    }

    /// Hashes a new password with Argon2id, 19 MiB and two passes.
    public static PasswordHash argon2id(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        byte[] hash = argon2(
                parameters(MEMORY_KIB, ITERATIONS, 1, salt), password.getBytes(StandardCharsets.UTF_8), HASH_OCTETS);
        return parse("$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + ITERATIONS + ",p=1$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(hash));
    }

    /// Hashes a new password with bcrypt, cost 12.
    ///
    /// @throws IllegalArgumentException it is too long
    public static PasswordHash bcrypt(String password, SecureRandom random) {
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        if (octets.length > MOST_OCTETS_BCRYPT) {
            throw new IllegalArgumentException(octets.length + " octets (expected: at most " + MOST_OCTETS_BCRYPT
                    + ", more bcrypt cannot tell apart)");
        }
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return parse(OpenBSDBCrypt.generate("2b", octets, salt, BCRYPT_COST));
    }

    /// Whether it is `password`'s; expensive.
    public boolean matches(byte[] password) {
        return check.matches(password);
    }

    /// As it is stored.
    public String text() {
        return text;
    }

    /// Not the hash: it is worth guessing at.
    @Override
    public String toString() {
        return "***";
    }
}
