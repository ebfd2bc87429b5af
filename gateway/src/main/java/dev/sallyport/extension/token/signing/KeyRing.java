package dev.sallyport.extension.token.signing;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All signing keys at one moment. Immutable; which of them signs follows from the time alone.
///
/// @param keys    in the order in which they sign
/// @param longest how long anything signed by them may ever count
record KeyRing(List<SigningKey> keys, Duration longest) {
    /// For clocks that differ.
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private static final String LONGEST = "longest-lifetime";

    static final KeyRing EMPTY = new KeyRing(List.of(), Duration.ZERO);

    KeyRing {
        keys = keys.stream().sorted(Comparator.comparing(SigningKey::begins)).toList();
    }

    /// The key that signs at `now`.
    SigningKey signing(Instant now) {
        SigningKey signing = null;
        for (SigningKey key : keys) {
            if (signing == null || !key.begins().isAfter(now)) {
                signing = key;
            }
        }
        if (signing == null) {
            throw new IllegalStateException("no signing keys");
        }
        return signing;
    }

    /// The key that will sign next, or null.
    @Nullable
    SigningKey next(Instant now) {
        return keys.isEmpty() || !keys.getLast().begins().isAfter(now) ? null : keys.getLast();
    }

    /// This ring as it has to be at `now`: with a key, with the next one when it is due, with an end for those whose
    /// place was taken, without those that ended.
    ///
    /// @param lifetime how long what is signed from now on may count
    KeyRing at(Instant now, SigningSettings settings, Duration lifetime) {
        Duration lasting = lifetime.compareTo(longest) > 0 ? lifetime : longest;
        List<SigningKey> due = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            SigningKey key = keys.get(i);
            boolean replaced = i + 1 < keys.size() && !keys.get(i + 1).begins().isAfter(now);
            SigningKey stays = replaced && key.expires() == null
                    ? key.until(keys.get(i + 1).begins().plus(lasting).plus(MARGIN))
                    : key;
            if (stays.expires() == null || stays.expires().isAfter(now)) {
                due.add(stays);
            }
        }
        if (due.isEmpty()) {
            due.add(SigningKey.make(settings.algorithm(), now, now));
        }
        KeyRing ring = new KeyRing(due, lasting);
        SigningKey signing = ring.signing(now);
        boolean old =
                !now.isBefore(signing.begins().plus(settings.rotateEvery()).minus(settings.publishAhead()));
        boolean other = signing.algorithm() != settings.algorithm();
        return ring.next(now) == null && (old || other) ? ring.withNext(now, settings) : ring;
    }

    /// With a key that signs next, as soon as it was published long enough; the same ring when there is one.
    KeyRing withNext(Instant now, SigningSettings settings) {
        if (next(now) != null) {
            return this;
        }
        List<SigningKey> more = new ArrayList<>(keys);
        // whole seconds, as a JWK has them, and never sooner than promised
        Instant begins = now.plus(settings.publishAhead()).plusNanos(999_999_999);
        more.add(SigningKey.make(settings.algorithm(), now, begins));
        return new KeyRing(more, longest);
    }

    /// One new key in the place of all.
    KeyRing anew(Instant now, SigningSettings settings) {
        return new KeyRing(List.of(SigningKey.make(settings.algorithm(), now, now)), longest);
    }

    /// When [#at] has to be asked again.
    Instant look(SigningSettings settings, Instant now) {
        SigningKey next = next(now);
        Instant look = next == null
                ? signing(now).begins().plus(settings.rotateEvery()).minus(settings.publishAhead())
                : next.begins();
        for (SigningKey key : keys) {
            if (key.expires() != null && key.expires().isBefore(look)) {
                look = key.expires();
            }
        }
        return look;
    }

    /// The public parts of all that are not at their end, as a JWK set.
    String publicSet(Instant now) {
        List<JWK> published = new ArrayList<>();
        for (SigningKey key : keys) {
            if (key.expires() == null || key.expires().isAfter(now)) {
                published.add(key.jwk());
            }
        }
        return new JWKSet(published).toString(true);
    }

    /// The claims of a token of `type` that one of these keys signed, or null.
    @Nullable
    Map<String, Object> claims(String type, String token) {
        try {
            JWSObject parsed = JWSObject.parse(token);
            JWSHeader header = parsed.getHeader();
            boolean right =
                    header.getType() != null && type.equals(header.getType().getType());
            for (SigningKey key : keys) {
                if (right
                        && key.id().equals(header.getKeyID())
                        && key.algorithm().jws().equals(header.getAlgorithm())
                        && key.verifies(
                                parsed.getSigningInput(), parsed.getSignature().decode())) {
                    return parsed.getPayload().toJSONObject();
                }
            }
            return null;
        } catch (ParseException | IllegalArgumentException none) {
            return null;
        }
    }

    /// For the key file.
    String text() {
        List<JWK> all = keys.stream().map(SigningKey::jwk).toList();
        return new JWKSet(all, Map.of(LONGEST, longest.toSeconds())).toString(false);
    }

    /// What [#text()] gave.
    ///
    /// @throws ParseException it is something else
    static KeyRing parse(String text) throws ParseException {
        JWKSet set = JWKSet.parse(text);
        List<SigningKey> keys = new ArrayList<>();
        for (JWK jwk : set.getKeys()) {
            keys.add(SigningKey.of(jwk));
        }
        if (!(set.getAdditionalMembers().get(LONGEST) instanceof Number seconds)) {
            throw new ParseException("no " + LONGEST, 0);
        }
        return new KeyRing(keys, Duration.ofSeconds(seconds.longValue()));
    }

    /// Without any private part.
    @Override
    public String toString() {
        return keys.toString();
    }
}
