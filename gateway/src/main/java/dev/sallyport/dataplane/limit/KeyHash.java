package dev.sallyport.dataplane.limit;

import dev.sallyport.api.limit.KeySecret;

/// SipHash-2-4 with 128 bits of a key's parts: nobody without the secret can find keys that meet in one counter or
/// crowd
/// one place (threat RL-11). Used again and again; confined to one thread.
public final class KeyHash {
    private final KeySecret secret;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long words;
    private long high;
    private long low;

    public KeyHash(KeySecret secret) {
        this.secret = secret;
    }

    /// Begins anew.
    public KeyHash begin() {
        v0 = secret.first() ^ 0x736f6d6570736575L;
        v1 = secret.second() ^ 0x646f72616e646f6dL ^ 0xee;
        v2 = secret.first() ^ 0x6c7967656e657261L;
        v3 = secret.second() ^ 0x7465646279746573L;
        words = 0;
        return this;
    }

    public KeyHash add(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
        words++;
        return this;
    }

    /// Adds a text so that no two rows of texts are added alike.
    public KeyHash add(CharSequence text) {
        int length = text.length();
        add((long) length);
        for (int i = 0; i < length; i += 4) {
            long word = 0;
            for (int j = i; j < Math.min(length, i + 4); j++) {
                word = (word << 16) | text.charAt(j);
            }
            add(word);
        }
        return this;
    }

    /// All parts were added: [#high()] and [#low()] are the hash.
    public void end() {
        add(words << 59);
        v2 ^= 0xee;
        finish();
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        finish();
        low = v0 ^ v1 ^ v2 ^ v3;
    }

    private void finish() {
        round();
        round();
        round();
        round();
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }
}
