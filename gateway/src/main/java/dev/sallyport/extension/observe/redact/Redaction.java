package dev.sallyport.extension.observe.redact;

import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Keeps secrets out of log lines (threat LG-02): values of named headers and parameters, and whatever has the
/// form of a
/// JSON Web Token. Confined to one thread.
///
/// Parameter names are compared without case, `-` and `_`, percent-decoded to any depth, and word by word, so that
/// `user[access_token]`, `X-Api-Key` and `%74oken` are found; names within values (a redirect URL) count too. A
/// secret value ends at the next literal `&`, whatever else a server may take for a separator.
public final class Redaction {
    static final List<String> HEADERS = List.of(
            "authorization",
            "proxy-authorization",
            "authentication-info",
            "cookie",
            "set-cookie",
            "x-api-key",
            "api-key",
            "dpop",
            "x-auth-token",
            "x-access-token",
            "x-id-token",
            "x-amz-security-token",
            "x-csrf-token",
            "x-xsrf-token");
    static final List<String> PARAMETERS = List.of(
            "token",
            "access_token",
            "id_token",
            "refresh_token",
            "id_token_hint",
            "api_key",
            "x_api_key",
            "key",
            "password",
            "passwd",
            "pwd",
            "secret",
            "client_secret",
            "client_assertion",
            "assertion",
            "code",
            "code_verifier",
            "state",
            "nonce",
            "sig",
            "signature",
            "jwt",
            "saml_request",
            "saml_response",
            "authorization",
            "session",
            "session_id",
            "x_amz_signature",
            "x_amz_credential",
            "x_amz_security_token",
            "x_goog_signature",
            "x_goog_credential");

    /// Names of parameters that are common as names of members that are no secrets.
    private static final Set<String> HARMLESS_MEMBERS = Set.of("key", "code", "state", "nonce", "session");

    /// What a member's name ends with when it is a secret whatever stands before.
    private static final byte[][] SECRET_ENDINGS = Stream.of("password", "passwd", "secret", "token", "apikey")
            .map(ending -> ending.getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    private static final String STAND_IN = "[redacted]";
    private static final byte[] REDACTED = STAND_IN.getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_NAME = 64;
    private static final int SHORTEST_TOKEN = 16;

    private final Set<String> headers = new HashSet<>(HEADERS);
    private final byte[][][] namesByLength = new byte[LONGEST_NAME + 1][0][];
    private final byte[][][] membersByLength = new byte[LONGEST_NAME + 1][0][];
    private final byte[] word = new byte[LONGEST_NAME];
    private int wordLength;

    /// The octet that the last [#next] found, decoded.
    private int decoded;

    /// @param moreHeaders    names beside [#HEADERS]
    /// @param moreParameters names beside [#PARAMETERS], at most 64 characters that count
    Redaction(Collection<String> moreHeaders, Collection<String> moreParameters) {
        moreHeaders.forEach(name -> headers.add(name.toLowerCase(Locale.ROOT)));
        PARAMETERS.forEach(name -> addName(name, namesByLength));
        moreParameters.forEach(name -> addName(name, namesByLength));
        PARAMETERS.stream()
                .filter(name -> !HARMLESS_MEMBERS.contains(name))
                .forEach(name -> addName(name, membersByLength));
        moreParameters.forEach(name -> addName(name, membersByLength));
    }

    private static void addName(String name, byte[][][] namesByLength) {
        String folded = name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
        byte[] bytes = folded.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > LONGEST_NAME) {
            throw new IllegalArgumentException("parameter: " + name + " (expected: 1 to 64 characters)");
        }
        byte[][] old = namesByLength[bytes.length];
        byte[][] more = Arrays.copyOf(old, old.length + 1);
        more[old.length] = bytes;
        namesByLength[bytes.length] = more;
    }

    /// Whether values of the header called `name`, in lower case, are secret.
    public boolean secretHeader(String name) {
        return headers.contains(name);
    }

    /// Whether a member of a JSON object is secret by its name, which is in lower case.
    boolean secretMember(byte[] name, int length) {
        wordLength = 0;
        // of a long name the end counts
        for (int i = Math.max(0, length - LONGEST_NAME); i < length; i++) {
            if (name[i] != '-' && name[i] != '_') {
                letter(name[i]);
            }
        }
        if (wordIsIn(membersByLength)) {
            return true;
        }
        for (byte[] ending : SECRET_ENDINGS) {
            int from = wordLength - ending.length;
            if (from >= 0 && Arrays.equals(ending, 0, ending.length, word, from, wordLength)) {
                return true;
            }
        }
        return false;
    }

    /// What of `path`, which `template` matched, may be shown: a segment in the place of a parameter with the
    /// name of a credential, such as `{token}`, may not.
    String path(String path, String template) {
        StringBuilder shown = null;
        int kept = 0;
        int segment = 0;
        int place = 0;
        while (place + 1 < template.length() && segment + 1 < path.length()) {
            int next = end(template, place + 1);
            int after = end(path, segment + 1);
            if (template.charAt(place + 1) == '{' && secretName(template.substring(place + 2, next - 1))) {
                shown = shown == null ? new StringBuilder(path.length()) : shown;
                shown.append(path, kept, segment + 1).append(STAND_IN);
                kept = after;
            }
            place = next;
            segment = after;
        }
        return shown == null ? path : shown.append(path, kept, path.length()).toString();
    }

    private static int end(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private boolean secretName(String name) {
        byte[] octets = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
        return secretMember(octets, octets.length);
    }

    /// Adds what stands for a secret.
    public static void redacted(JsonLine line) {
        line.raw(REDACTED);
    }

    /// Adds the inside of a string from a query, without the values of secret parameters.
    void query(JsonLine line, byte[] source, int from, int to) {
        int kept = from;
        boolean secret = false;
        wordLength = 0;
        int i = from;
        while (i < to) {
            int after = next(source, i, to);
            int c = decoded;
            if (c == '=' || c == ':') {
                if (secret || wordIsSecret()) {
                    text(line, source, kept, after);
                    line.raw(REDACTED);
                    while (after < to && source[after] != '&') {
                        after++;
                    }
                    kept = after;
                    secret = false;
                }
                wordLength = 0;
            } else if (c == '&' || c == ';' || c == '?' || c == '#') {
                secret = false;
                wordLength = 0;
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80) {
                letter(c);
            } else if (c >= 'A' && c <= 'Z') {
                letter(c + 32);
            } else if (c != '-' && c != '_') {
                secret |= wordIsSecret();
                wordLength = 0;
            }
            i = after;
        }
        text(line, source, kept, to);
    }

    private void letter(int c) {
        if (wordLength < LONGEST_NAME) {
            word[wordLength] = (byte) c;
        }
        wordLength++;
    }

    private boolean wordIsSecret() {
        return wordIsIn(namesByLength);
    }

    private boolean wordIsIn(byte[][][] namesByLength) {
        if (wordLength == 0 || wordLength > LONGEST_NAME) {
            return false;
        }
        for (byte[] name : namesByLength[wordLength]) {
            if (Arrays.equals(name, 0, wordLength, word, 0, wordLength)) {
                return true;
            }
        }
        return false;
    }

    /// Decodes one octet, however often it is percent-encoded; returns where the next one begins.
    private int next(byte[] source, int i, int to) {
        decoded = source[i] & 0xff;
        int after = i + 1;
        while (decoded == '%' && after + 1 < to) {
            int high = Character.digit(source[after], 16);
            int low = Character.digit(source[after + 1], 16);
            if (high < 0 || low < 0) {
                break;
            }
            decoded = high * 16 + low;
            after += 2;
        }
        return after;
    }

    /// Adds the inside of a string from a header's value: what follows a `?` in it is taken for a query.
    void value(JsonLine line, byte[] source, int from, int to) {
        for (int i = from; i < to; i++) {
            if (source[i] == '?') {
                text(line, source, from, i + 1);
                query(line, source, i + 1, to);
                return;
            }
        }
        text(line, source, from, to);
    }

    /// Adds the inside of a string from octets, without tokens.
    static void text(JsonLine line, byte[] source, int from, int to) {
        int kept = from;
        for (int i = from; i + SHORTEST_TOKEN <= to; i++) {
            if (source[i] == 'e' && source[i + 1] == 'y' && source[i + 2] == 'J') {
                int end = i + 3;
                while (end < to && inToken(source[end])) {
                    end++;
                }
                if (end - i >= SHORTEST_TOKEN) {
                    line.octets(source, kept, i);
                    line.raw(REDACTED);
                    kept = end;
                }
                i = end - 1;
            }
        }
        line.octets(source, kept, to);
    }

    private static boolean inToken(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }
}
