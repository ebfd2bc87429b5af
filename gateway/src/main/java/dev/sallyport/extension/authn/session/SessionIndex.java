package dev.sallyport.extension.authn.session;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which sessions belong to a subject, or to a session of the provider, so that they can be ended by its word.
/// Bounded: beside too many others of the same name, the oldest is ended.
@OffLoop("virtual threads")
final class SessionIndex {
    private static final int MOST = 64;

    private final SharedState state;
    private final String space;
    private final Duration keep;

    /// @param keep at least as long as any session lives
    SessionIndex(SharedState state, String space, Duration keep) {
        this.state = state;
        this.space = space;
        this.keep = keep;
    }

    /// A session: what the store calls it, and what everybody else does.
    record Entry(String key, String publicId) {}

    private static String key(String kind, String name) {
        return Token.hash(kind + ":" + name);
    }

    /// Adds a session; gives what had to leave for it.
    List<Entry> add(String kind, String name, Entry added) {
        String key = key(kind, name);
        while (true) {
            byte[] before = Waiting.on(state.get(space, key));
            List<Entry> entries = new ArrayList<>(decoded(before));
            entries.add(added);
            List<Entry> left = entries.subList(0, Math.max(0, entries.size() - MOST));
            List<Entry> gone = List.copyOf(left);
            left.clear();
            if (Waiting.on(state.replace(space, key, before, encoded(entries), keep))) {
                return gone;
            }
            if (before == null && Waiting.on(state.get(space, key)) == null) {
                throw new IllegalStateException("no room for sessions");
            }
        }
    }

    /// Removes one session.
    void remove(String kind, String name, String sessionKey) {
        String key = key(kind, name);
        while (true) {
            byte[] before = Waiting.on(state.get(space, key));
            List<Entry> entries = new ArrayList<>(decoded(before));
            if (!entries.removeIf(entry -> entry.key.equals(sessionKey))) {
                return;
            }
            byte[] after = entries.isEmpty() ? null : encoded(entries);
            if (Waiting.on(state.replace(space, key, before, after, keep))) {
                return;
            }
        }
    }

    /// Removes, and gives, all sessions of a name.
    List<Entry> take(String kind, String name) {
        String key = key(kind, name);
        while (true) {
            byte[] before = Waiting.on(state.get(space, key));
            if (before == null || Waiting.on(state.replace(space, key, before, null, keep))) {
                return decoded(before);
            }
        }
    }

    private static byte[] encoded(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append(entry.key).append(' ').append(entry.publicId).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static List<Entry> decoded(byte @Nullable [] octets) {
        List<Entry> entries = new ArrayList<>();
        if (octets != null) {
            for (String line : new String(octets, StandardCharsets.US_ASCII).split("\n", -1)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    entries.add(new Entry(line.substring(0, space), line.substring(space + 1)));
                }
            }
        }
        return entries;
    }
}
