package dev.sallyport.dataplane.flow;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;

/// Detects requests that have passed this gateway before, by its pseudonym in `Via` (RFC 9110 §7.6.3).
final class Loops {
    private Loops() {}

    static boolean detected(Headers headers, String pseudonym) {
        if (!headers.has(FieldName.VIA)) {
            return false;
        }
        for (int i = headers.indexOf(FieldName.VIA); i >= 0; i = headers.indexOf(FieldName.VIA, i + 1)) {
            for (String hop : headers.value(i).split(",", -1)) {
                String[] words = hop.strip().split("[ \t]+", -1);
                if (words.length > 1 && words[1].equals(pseudonym)) {
                    return true;
                }
            }
        }
        return false;
    }
}
