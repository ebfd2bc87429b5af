package dev.sallyport.api.exchange;

import dev.sallyport.api.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Changes to a header block, applied when the block is written; confined to the exchange's event loop.
///
/// Removal comes first, then the additions in order. Names and values are checked again by whoever writes them
/// (threat SM-25).
public final class HeaderEdits {
    private final List<String> removed = new ArrayList<>(4);
    private final List<String> names = new ArrayList<>(4);
    private final List<String> values = new ArrayList<>(4);

    /// Removes every received field called `name` (case-insensitive).
    public HeaderEdits remove(String name) {
        removed.add(name.toLowerCase(Locale.ROOT));
        return this;
    }

    /// Adds a field beside those received.
    public HeaderEdits add(String name, String value) {
        names.add(name);
        values.add(value);
        return this;
    }

    /// Removes every field called `name`, received or added before: what stands there is to be one party's alone.
    public HeaderEdits removeAll(String name) {
        for (int i = names.size() - 1; i >= 0; i--) {
            if (names.get(i).equalsIgnoreCase(name)) {
                names.remove(i);
                values.remove(i);
            }
        }
        return remove(name);
    }

    /// Replaces every field called `name`, received or added before, by one.
    public HeaderEdits set(String name, String value) {
        return removeAll(name).add(name, value);
    }

    /// Whether field `index` of `headers` is removed.
    public boolean removes(Headers headers, int index) {
        for (int i = 0; i < removed.size(); i++) {
            if (headers.nameIs(index, removed.get(i))) {
                return true;
            }
        }
        return false;
    }

    public int additions() {
        return names.size();
    }

    public String name(int index) {
        return names.get(index);
    }

    public String value(int index) {
        return values.get(index);
    }
}
