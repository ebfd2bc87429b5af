package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What no longer counts: credentials for which everything that is given holds.
@Doc("Credentials for which everything that is given holds no longer count.")
public record Revocation(
        @Doc("The credential's own name: a token's `jti`, the id of an API key or session.") @Nullable
        String jti,

        @Doc("Who calls: the id of the principal.") @Nullable
        String subject,

        @Doc("The client that the credential was made for.") @Nullable
        String client,

        @Doc("The id of the key that signed it.") @Nullable String key,

        @Doc("It was made before this time, or does not say when.") @Nullable
        Instant issuedBefore,

        @Doc("Who made it.") @Nullable String issuer,

        @Doc("The authenticator that took it.") @Nullable String authenticator,

        @Doc("When this entry can be forgotten, because the credential has expired by then.") @Nullable
        Instant expires,

        @Doc("Why, for people.") @Default("''") String reason) {
    private static final int LONGEST = 1024;
    private static final int ID_OCTETS = 8;

    public Revocation {
        long named =
                Stream.of(jti, subject, client, key).filter(Objects::nonNull).count();
        if (named > 1 || (named == 0 && issuedBefore == null)) {
            throw new IllegalArgumentException((named > 1 ? "more than one" : "none")
                    + " of jti, subject, client, key (expected: one of them, or issued-before)");
        }
        requireText("jti", jti);
        requireText("subject", subject);
        requireText("client", client);
        requireText("key", key);
        requireText("issuer", issuer);
        requireText("authenticator", authenticator);
        if (!reason.isEmpty()) {
            requireText("reason", reason);
        }
    }

    private static void requireText(String name, @Nullable String text) {
        if (text != null && (text.isEmpty() || text.length() > LONGEST)) {
            throw new IllegalArgumentException(
                    name + ": " + text.length() + " characters (expected: 1 to " + LONGEST + ")");
        }
    }

    /// A name for it, the same for the same credentials and end.
    public String id() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(what().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, ID_OCTETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /// Whether it no longer matters at `now`.
    boolean past(Instant now) {
        return expires != null && !now.isBefore(expires);
    }

    /// Everything that is given but the reason, by its key.
    Map<String, String> what() {
        Map<String, String> what = new LinkedHashMap<>();
        put(what, "jti", jti);
        put(what, "subject", subject);
        put(what, "client", client);
        put(what, "key", key);
        put(what, "issued-before", issuedBefore);
        put(what, "issuer", issuer);
        put(what, "authenticator", authenticator);
        put(what, "expires", expires);
        return what;
    }

    private static void put(Map<String, String> what, String key, @Nullable Object value) {
        if (value != null) {
            what.put(key, value.toString());
        }
    }

    /// In one line, for people.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        what().forEach((key, value) ->
                text.append(text.isEmpty() ? "" : " ").append(key).append('=').append(value));
        return text.toString();
    }
}
