package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The request's header fields by name in lower case, without those that hold credentials and those that never travel
/// on, because anybody can claim anything in them (threats HD-05, HD-06). A field that occurs several times has no
/// one value (threat AZ-03).
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
public final class HeaderValues extends NamedValues {
    private static final long HIDDEN = FieldName.bits(FieldName.Rule.CLIENT_CLAIM)
            | FieldName.bits(FieldName.Rule.HOP_BY_HOP)
            | FieldName.bits(FieldName.Rule.DROP)
            | FieldName.AUTHORIZATION.bit()
            | FieldName.COOKIE.bit()
            | FieldName.DPOP.bit()
            | FieldName.X_API_KEY.bit();

    private final Headers headers;
    private final boolean lists;

    /// @param lists whether a value is the list of all values
    HeaderValues(Headers headers, boolean lists) {
        this.headers = headers;
        this.lists = lists;
    }

    /// Whether no condition sees fields called `name`.
    public static boolean hides(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return hides(FieldName.of(bytes, 0, bytes.length));
    }

    private static boolean hides(FieldName field) {
        return (field.bit() & HIDDEN) != 0;
    }

    @Override
    @Nullable
    Object named(String name) {
        int first = first(name);
        if (first < 0) {
            return null;
        }
        if (lists) {
            return all(name, first);
        }
        if (headers.indexOf(name, first + 1) >= 0) {
            throw new NoValue("header " + name + " occurs several times");
        }
        return headers.value(first);
    }

    private List<String> all(String name, int first) {
        List<String> all = new ArrayList<>(2);
        for (int i = first; i >= 0; i = headers.indexOf(name, i + 1)) {
            all.add(headers.value(i));
        }
        return all;
    }

    /// The index of the first field called `name`, or −1. Names of fields have no upper case here.
    private int first(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return -1;
            }
        }
        int first = headers.indexOf(name, 0);
        return first < 0 || hides(headers.field(first)) ? -1 : first;
    }

    @Override
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < headers.count(); i++) {
            if (!hides(headers.field(i))) {
                names.add(headers.name(i).toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    @Override
    String title() {
        return lists ? "headers_all" : "headers";
    }
}
