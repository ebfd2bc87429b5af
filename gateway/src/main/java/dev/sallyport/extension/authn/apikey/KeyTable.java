package dev.sallyport.extension.authn.apikey;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.apikey.key.KeyForm;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/// Every key that is known at a moment, ready to be asked on event loops; immutable.
///
/// Whatever is wrong with a key, the caller sees the same, after the same work: one look-up, one hash, one comparison
/// in constant time (threats AK-01, AK-07). Only who shows the whole key gets as far as its terms.
final class KeyTable {
    private static final int HASH_OCTETS = 32;

    private final Map<String, Entry> entries;
    private final Hashing hashing;
    private final byte[] nobody = new byte[HASH_OCTETS];
    private final Refusals refusals;

    /// What is told of keys that are not good: one refusal, for one reason each.
    record Refusals(
            Authentication malformed,
            Authentication unknown,
            Authentication wrong,
            Authentication disabled,
            Authentication ended,
            Authentication elsewhere) {
        static Refusals of(Refusal invalid) {
            return new Refusals(
                    because(invalid, "api-key-malformed"),
                    because(invalid, "api-key-unknown"),
                    because(invalid, "api-key-wrong"),
                    because(invalid, "api-key-disabled"),
                    because(invalid, "api-key-expired"),
                    because(invalid, "api-key-address"));
        }

        private static Authentication because(Refusal invalid, String reason) {
            return new Authentication.BadCredential(invalid.because(reason));
        }
    }

    /// Makes the hash of a shown key, on a loop.
    @FunctionalInterface
    interface Hashing {
        byte[] of(int loop, byte[] key);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Entry(
            byte[] hash, boolean disabled, long endsAt, List<AddressRange> addresses, Authentication proven) {}

    KeyTable(Collection<KeyRecord> keys, String authenticator, Hashing hashing, Refusals refusals) {
        this.hashing = hashing;
        this.refusals = refusals;
        this.entries = HashMap.newHashMap(keys.size());
        new SecureRandom().nextBytes(nobody);
        for (KeyRecord key : keys) {
            entries.put(key.id(), entry(key, authenticator));
        }
    }

    /// A table of those of `keys` that were made with `pepper`; without one, of none.
    static KeyTable of(
            Collection<KeyRecord> keys, @Nullable Pepper pepper, String authenticator, int loops, Refusals refusals) {
        Pepper used = pepper == null ? any() : pepper;
        Mac[] macs = new Mac[loops];
        for (int i = 0; i < loops; i++) {
            macs[i] = used.mac();
        }
        List<KeyRecord> own = keys.stream()
                .filter(key -> key.hash().pepper().equals(used.name()))
                .toList();
        return new KeyTable(own, authenticator, (loop, key) -> macs[loop].doFinal(key), refusals);
    }

    /// A pepper that costs as much as another and is good for nothing.
    private static Pepper any() {
        byte[] octets = new byte[HASH_OCTETS];
        new SecureRandom().nextBytes(octets);
        return new Pepper(Base64.getEncoder().encodeToString(octets));
    }

    private static Entry entry(KeyRecord key, String authenticator) {
        Instant end = key.term().end();
        long endsAt = end == null ? Credential.NEVER : end.getEpochSecond();
        Credential credential = new Credential(
                ApiKey.KIND, null, key.id(), null, null, key.term().created().getEpochSecond(), endsAt);
        Principal principal = key.holder().principal(authenticator, credential);
        return new Entry(
                HexFormat.of().parseHex(key.hash().hex()),
                key.term().disabled(),
                endsAt,
                key.term().addresses(),
                new Authentication.Proven(principal));
    }

    int size() {
        return entries.size();
    }

    /// What `key` proves of the caller of `exchange`.
    Authentication judge(String key, Exchange exchange, long epochSecond) {
        String id = KeyForm.id(key);
        if (id == null) {
            return refusals.malformed;
        }
        Entry entry = entries.get(id);
        byte[] shown = hashing.of(exchange.loop(), key.getBytes(StandardCharsets.ISO_8859_1));
        boolean same = MessageDigest.isEqual(shown, entry == null ? nobody : entry.hash);
        if (entry == null) {
            return refusals.unknown;
        }
        if (!same) {
            return refusals.wrong;
        }
        if (entry.disabled) {
            return refusals.disabled;
        }
        if (epochSecond >= entry.endsAt) {
            return refusals.ended;
        }
        return isFrom(entry.addresses, exchange.clientAddress()) ? entry.proven : refusals.elsewhere;
    }

    private static boolean isFrom(List<AddressRange> ranges, InetAddress client) {
        if (ranges.isEmpty()) {
            return true;
        }
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(client)) {
                return true;
            }
        }
        return false;
    }
}
