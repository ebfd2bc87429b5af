package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// Makes, revokes and replaces the keys of a store; what `sallyport key` does.
@OffLoop("commands")
public final class KeyRing {
    private final KeyStore store;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public KeyRing(KeyStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// A key just made: the only time it is seen.
    public record Issued(String key, KeyRecord stored) {
        @Override
        public String toString() {
            return "Issued " + stored.id();
        }
    }

    /// Makes a key.
    ///
    /// @param term what it says of `created` is replaced by now
    public Issued create(Pepper pepper, Holder holder, KeyRecord.Term term) throws StoreException {
        Issued issued = issue(pepper, holder, term);
        store.edit(before -> {
            Map<String, KeyRecord> after = new TreeMap<>(before);
            after.put(issued.stored.id(), issued.stored);
            return after;
        });
        return issued;
    }

    private Issued issue(Pepper pepper, Holder holder, KeyRecord.Term term) {
        String key = KeyForm.make(random);
        String id = Objects.requireNonNull(KeyForm.id(key), "made in the right form");
        KeyRecord.Hash hash = new KeyRecord.Hash(HexFormat.of().formatHex(pepper.hash(key)), pepper.name());
        KeyRecord.Term own = new KeyRecord.Term(
                now(), term.expires(), false, term.addresses(), term.replaces(), term.overlapUntil());
        return new Issued(key, new KeyRecord(id, holder, hash, own));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /// Revokes the key `id`.
    public KeyRecord revoke(String id) throws StoreException {
        KeyRecord[] revoked = new KeyRecord[1];
        store.edit(before -> {
            Map<String, KeyRecord> after = new TreeMap<>(before);
            revoked[0] = find(before, id).disable();
            after.put(id, revoked[0]);
            return after;
        });
        return revoked[0];
    }

    /// Makes a key for the same holder and with the same terms as `id`, which stays good for `overlap`. One that
    /// expires gets as much time again as it was given.
    public Issued rotate(Pepper pepper, String id, Duration overlap) throws StoreException {
        Issued[] issued = new Issued[1];
        store.edit(before -> {
            KeyRecord old = find(before, id);
            KeyRecord.State state = old.state(now());
            if (state != KeyRecord.State.ACTIVE) {
                throw new StoreException(id + ": "
                        + state.name().toLowerCase(Locale.ROOT)
                        + " (expected: an active key; make a new one with `sallyport key create`)");
            }
            issued[0] = issue(pepper, old.holder(), successor(old));
            Map<String, KeyRecord> after = new TreeMap<>(before);
            after.put(id, old.replaced(now(), overlap));
            after.put(issued[0].stored.id(), issued[0].stored);
            return after;
        });
        return issued[0];
    }

    private KeyRecord.Term successor(KeyRecord old) {
        Instant expires = old.term().expires();
        Instant again =
                expires == null ? null : now().plus(Duration.between(old.term().created(), expires));
        return new KeyRecord.Term(now(), again, false, old.term().addresses(), old.id(), null);
    }

    /// Every key, the oldest first.
    public List<KeyRecord> list() throws StoreException {
        return store.all().values().stream()
                .sorted((a, b) -> a.term().created().compareTo(b.term().created()))
                .toList();
    }

    private static KeyRecord find(Map<String, KeyRecord> keys, String id) throws StoreException {
        KeyRecord found = keys.get(id);
        if (found == null) {
            throw new StoreException(id + ": there is no such key (expected: an id that `sallyport key list` shows)");
        }
        return found;
    }
}
