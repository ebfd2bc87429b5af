package dev.sallyport.api.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The text form of an IPv6 address (RFC 4291 §2.2), made canonical by RFC 5952; zone ids are refused.
final class Ipv6Literal {
    private static final int GROUPS = 8;

    private Ipv6Literal() {}

    /// The address `bytes[start, end)` in brackets, in its one canonical spelling; null when it is no IPv6
    /// address.
    static @Nullable String canonical(byte[] bytes, int start, int end) {
        int[] groups = parse(bytes, start, end);
        return groups == null ? null : text(groups);
    }

    private static int @Nullable [] parse(byte[] bytes, int start, int end) {
        int[] groups = new int[GROUPS];
        int count = 0;
        int gap = -1;
        int i = start;
        if (end - start >= 2 && bytes[i] == ':' && bytes[i + 1] == ':') {
            gap = 0;
            i += 2;
        }
        while (i < end) {
            int groupEnd = i;
            while (groupEnd < end && Character.digit(bytes[groupEnd], 16) >= 0) {
                groupEnd++;
            }
            if (groupEnd < end && bytes[groupEnd] == '.') {
                long address = Ipv4Literal.parse(bytes, i, end);
                if (address < 0 || count > GROUPS - 2) {
                    return null;
                }
                groups[count++] = (int) (address >> 16);
                groups[count++] = (int) (address & 0xffff);
                break;
            }
            if (groupEnd == i || groupEnd - i > 4 || count == GROUPS) {
                return null;
            }
            int group = 0;
            for (; i < groupEnd; i++) {
                group = group << 4 | Character.digit(bytes[i], 16);
            }
            groups[count++] = group;
            if (i == end) {
                break;
            }
            if (bytes[i++] != ':' || i == end) {
                return null;
            }
            if (bytes[i] == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = count;
                i++;
            }
        }
        if (gap < 0) {
            return count == GROUPS ? groups : null;
        }
        if (count == GROUPS) {
            return null;
        }
        int moved = count - gap;
        System.arraycopy(groups, gap, groups, GROUPS - moved, moved);
        Arrays.fill(groups, gap, GROUPS - moved, 0);
        return groups;
    }

    private static String text(int[] groups) {
        int gap = -1;
        int gapLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = i;
            while (run < GROUPS && groups[run] == 0) {
                run++;
            }
            if (run - i > gapLength) {
                gap = i;
                gapLength = run - i;
            }
            i = Math.max(i, run - 1);
        }
        StringBuilder text = new StringBuilder(41).append('[');
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
            } else {
                if (i > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.append(']').toString();
    }
}
