package dev.sallyport.extension.authn.jose.decrypt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.jwk.JWK;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Opens tokens that are encrypted to the gateway, and finds a signed token inside or nothing: to encrypt with a
/// public key is no proof of anything (threat JW-13). Every failure is the same (RFC 7516 §11.5).
public final class Decryption implements KeyInventory {
    private static final int LONGEST_PARTY = 512;

    private final List<DecryptionKey> keys;
    private final String origin;
    private final Instant since = Instant.now();

    private Decryption(List<DecryptionKey> keys, String origin) {
        this.keys = List.copyOf(keys);
        this.origin = origin;
    }

    /// With the private and secret keys of the JWK set that `octets` are.
    ///
    /// @param origin where they are from, for people
    /// @throws IllegalArgumentException they are none, or hold a key that cannot be used
    @SuppressWarnings("unchecked") // members of objects have text for names
    public static Decryption of(byte[] octets, String origin) {
        Map<String, @Nullable Object> set = StrictJson.object(octets);
        if (set == null || !(set.get("keys") instanceof List<?> list) || list.isEmpty()) {
            throw new IllegalArgumentException("no JWK set with keys (expected: a JSON object with an array `keys`)");
        }
        List<DecryptionKey> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            try {
                if (!(list.get(i) instanceof Map<?, ?> members)) {
                    throw new IllegalArgumentException("no JWK (expected: a JSON object)");
                }
                keys.add(new DecryptionKey(JWK.parse((Map<String, Object>) members)));
            } catch (ParseException e) {
                // its message may repeat the key
                throw new IllegalArgumentException("keys[" + i + "]: cannot be read (expected: a JWK)");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("keys[" + i + "]: " + e.getMessage(), e);
            }
        }
        return new Decryption(keys, origin);
    }

    @Override
    public List<KnownKey> knownKeys() {
        List<KnownKey> known = new ArrayList<>();
        for (DecryptionKey key : keys) {
            String algorithms = String.join(",", key.algorithms());
            known.add(new KnownKey(KnownKey.Use.DECRYPT, key.name(), algorithms, origin, "", since, null));
        }
        return known;
    }

    /// Whether `token` may be for these keys: it names none, or one of them.
    public boolean concerns(CompactToken.Jwe token) {
        String wanted = token.header().keyId();
        return wanted == null || keys.stream().anyMatch(key -> wanted.equals(key.id()));
    }

    /// The signed token inside `token`, not yet verified; null when it cannot be opened, or something else is inside.
    public CompactToken.@Nullable Jws open(CompactToken.Jwe token) {
        byte[] inside = decrypt(token);
        if (inside == null || !token.header().holdsToken()) {
            return null;
        }
        return CompactToken.read(inside, JoseHeader.Rules.KNOWN_KEY) instanceof CompactToken.Jws signed ? signed : null;
    }

    private byte @Nullable [] decrypt(CompactToken.Jwe token) {
        if (isLong(token, "apu") || isLong(token, "apv") || token.header().all().containsKey("p2c")) {
            return null;
        }
        try {
            JWEObject encrypted = JWEObject.parse(new String(token.token(), StandardCharsets.US_ASCII));
            JWEDecrypter decrypter = decrypter(encrypted.getHeader());
            if (decrypter == null) {
                return null;
            }
            encrypted.decrypt(decrypter);
            return encrypted.getPayload().toBytes();
        } catch (ParseException | JOSEException | RuntimeException same) {
            return null;
        }
    }

    private static boolean isLong(CompactToken.Jwe token, String member) {
        Object value = token.header().all().get(member);
        return value != null && !(value instanceof String text && text.length() <= LONGEST_PARTY);
    }

    /// Of the key the header names, or of the only one that fits where it names none.
    private @Nullable JWEDecrypter decrypter(JWEHeader header) {
        JWEDecrypter found = null;
        for (DecryptionKey key : keys) {
            if (header.getKeyID() == null || header.getKeyID().equals(key.id())) {
                JWEDecrypter fit = key.decrypter(header.getAlgorithm(), header.getEncryptionMethod());
                if (fit != null && found != null) {
                    return null;
                }
                found = fit == null ? found : fit;
            }
        }
        return found;
    }
}
