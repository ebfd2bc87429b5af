package dev.sallyport.api.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers the authorities parsed last by their raw spelling, so that hosts seen again cost no parsing and no
/// memory. Bounded; confined to one thread.
final class AuthorityCache {
    private static final int SLOTS = 64;

    private final @Nullable Entry[] entries = new @Nullable Entry[SLOTS];
    private final byte[] scratch = new byte[Authority.LONGEST];

    private static final class Entry {
        private final byte[] raw;
        private final int defaultPort;
        private final Authority authority;

        Entry(byte[] raw, int defaultPort, Authority authority) {
            this.raw = raw;
            this.defaultPort = defaultPort;
            this.authority = authority;
        }
    }

    /// The authority `bytes[start, end)` without its port if that is the default one; null when it is none.
    @Nullable
    Authority find(byte[] bytes, int start, int end, int defaultPort) {
        int slot = slot(bytes, start, end);
        Entry entry = entries[slot];
        if (entry != null
                && entry.defaultPort == defaultPort
                && Arrays.equals(entry.raw, 0, entry.raw.length, bytes, start, end)) {
            return entry.authority;
        }
        Authority parsed = Authority.parse(bytes, start, end);
        if (parsed == null) {
            return null;
        }
        Authority canonical = parsed.without(defaultPort);
        entries[slot] = new Entry(Arrays.copyOfRange(bytes, start, end), defaultPort, canonical);
        return canonical;
    }

    /// As [#find(byte\[\],int,int,int)], for `text`.
    @Nullable
    Authority find(String text, int defaultPort) {
        int length = text.length();
        if (length > scratch.length) {
            return null;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0x7e) {
                return null;
            }
            scratch[i] = (byte) c;
        }
        return find(scratch, 0, length, defaultPort);
    }

    private static int slot(byte[] bytes, int start, int end) {
        int hash = end - start;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return (hash ^ hash >>> 15) & (SLOTS - 1);
    }
}
