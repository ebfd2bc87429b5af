package dev.sallyport.extension.browser;

import dev.sallyport.api.http.Headers;

/// Reads values that are lists of names, where they stand.
final class FieldList {
    private static final String AUTHORIZATION = "authorization";

    private FieldList() {}

    /// Whether the value of field `index` names `wanted`, in any case.
    static boolean holds(Headers headers, int index, String wanted) {
        byte[] bytes = headers.bytes();
        int end = headers.valueEnd(index);
        int from = headers.valueStart(index);
        while (from < end) {
            int to = next(bytes, from, end);
            if (is(bytes, from, to, wanted)) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    /// Whether every name in the value of field `index` is one of `names`; any will do where `every` says so, but
    /// `Authorization`, which `*` does not stand for (Fetch §3.2.1).
    static boolean allIn(Headers headers, int index, String[] names, boolean every) {
        byte[] bytes = headers.bytes();
        int end = headers.valueEnd(index);
        int from = headers.valueStart(index);
        while (from < end) {
            int to = next(bytes, from, end);
            boolean known = blank(bytes, from, to) || (every && !is(bytes, from, to, AUTHORIZATION));
            for (int i = 0; i < names.length && !known; i++) {
                known = is(bytes, from, to, names[i]);
            }
            if (!known) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    private static int next(byte[] bytes, int from, int end) {
        int to = from;
        while (to < end && bytes[to] != ',') {
            to++;
        }
        return to;
    }

    private static boolean blank(byte[] bytes, int from, int to) {
        return skip(bytes, from, to) == to;
    }

    private static int skip(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    /// Whether `bytes[from, to)` without spaces around it is `name`, which is in lower case.
    private static boolean is(byte[] bytes, int from, int to, String name) {
        int start = skip(bytes, from, to);
        int length = name.length();
        if (to - start < length || skip(bytes, start + length, to) != to) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            int octet = bytes[start + i];
            if ((octet >= 'A' && octet <= 'Z' ? octet + 32 : octet) != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
