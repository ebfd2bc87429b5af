package dev.sallyport.extension.balance;

/// A fixed 64-bit hash of text (FNV-1a with a strong finish): the same everywhere, never [RingKey#ABSENT] for text
/// that is not empty.
final class Hashes {
    private static final long BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Hashes() {}

    static long of(long number) {
        return finish(BASIS ^ number);
    }

    static long of(String text) {
        long hash = BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return text.isEmpty() ? RingKey.ABSENT : finish(hash);
    }

    static long of(byte[] bytes, int start, int end) {
        long hash = BASIS;
        for (int i = start; i < end; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * PRIME;
        }
        return start == end ? RingKey.ABSENT : finish(hash);
    }

    /// The hash of the `n`th thing that belongs to what `hash` stands for.
    static long nth(long hash, int n) {
        return finish(hash + n * 0x9e3779b97f4a7c15L);
    }

    /// The finish of SplitMix64: every input bit reaches every output bit.
    private static long finish(long hash) {
        long h = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        h = (h ^ h >>> 27) * 0x94d049bb133111ebL;
        h ^= h >>> 31;
        return h == RingKey.ABSENT ? 1 : h;
    }
}
