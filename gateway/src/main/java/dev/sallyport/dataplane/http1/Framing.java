package dev.sallyport.dataplane.http1;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.message.FieldGrammar;

/// Reads the fields that frame a message (RFC 9112 §6), the strict way: one line, one value, no leniency.
final class Framing {
    private static final int MAX_DIGITS = 18;

    private Framing() {}

    /// The value of the only `Content-Length` line, or −1 when there are several or it is not a plain number: no
    /// sign, no
    /// leading zero, no list (threat SM-05).
    static long contentLength(Headers headers) {
        if ((headers.repeated() & FieldName.CONTENT_LENGTH.bit()) != 0) {
            return -1;
        }
        int index = headers.indexOf(FieldName.CONTENT_LENGTH);
        byte[] b = headers.bytes();
        int start = headers.valueStart(index);
        int end = headers.valueEnd(index);
        int digits = end - start;
        if (digits == 0 || digits > MAX_DIGITS || (digits > 1 && b[start] == '0')) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = b[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// Whether the only `Transfer-Encoding` line says exactly `chunked` (threats SM-03, SM-04).
    static boolean chunked(Headers headers) {
        return (headers.repeated() & FieldName.TRANSFER_ENCODING.bit()) == 0
                && headers.valueIs(headers.indexOf(FieldName.TRANSFER_ENCODING), "chunked");
    }

    /// Whether the only `Transfer-Encoding` line names one other coding.
    static boolean unknownCoding(Headers headers) {
        int index = headers.indexOf(FieldName.TRANSFER_ENCODING);
        return (headers.repeated() & FieldName.TRANSFER_ENCODING.bit()) == 0
                && FieldGrammar.isToken(headers.bytes(), headers.valueStart(index), headers.valueEnd(index));
    }

    /// Whether one of the lines of `field`, a comma-separated list, holds `token` (ASCII case-insensitive).
    static boolean hasToken(Headers headers, FieldName field, String token) {
        for (int i = headers.indexOf(field); i >= 0; i = headers.indexOf(field, i + 1)) {
            if (headers.valueIs(i, token)) {
                return true;
            }
            if (listHolds(headers.bytes(), headers.valueStart(i), headers.valueEnd(i), token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean listHolds(byte[] b, int start, int end, String token) {
        int i = start;
        while (i < end) {
            int stop = i;
            while (stop < end && b[stop] != ',') {
                stop++;
            }
            int first = i;
            int last = stop;
            while (first < last && (b[first] == ' ' || b[first] == '\t')) {
                first++;
            }
            while (last > first && (b[last - 1] == ' ' || b[last - 1] == '\t')) {
                last--;
            }
            if (last - first == token.length()) {
                int j = 0;
                while (j < token.length() && (b[first + j] | 0x20) == (token.charAt(j) | 0x20)) {
                    j++;
                }
                if (j == token.length()) {
                    return true;
                }
            }
            i = stop + 1;
        }
        return false;
    }
}
