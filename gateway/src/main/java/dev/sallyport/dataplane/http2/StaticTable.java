package dev.sallyport.dataplane.http2;

import java.nio.charset.StandardCharsets;

/// The fields every HPACK table begins with (RFC 7541 Appendix A).
final class StaticTable {
    static final int SIZE = 61;
    static final int AUTHORITY = 1;
    static final int METHOD_GET = 2;
    static final int METHOD_POST = 3;
    static final int PATH = 4;
    static final int SCHEME_HTTP = 6;
    static final int SCHEME_HTTPS = 7;
    static final int STATUS_200 = 8;
    static final int CONTENT_LENGTH = 28;

    private static final String FIELDS = """
            :authority
            :method GET
            :method POST
            :path /
            :path /index.html
            :scheme http
            :scheme https
            :status 200
            :status 204
            :status 206
            :status 304
            :status 400
            :status 404
            :status 500
            accept-charset
            accept-encoding gzip, deflate
            accept-language
            accept-ranges
            accept
            access-control-allow-origin
            age
            allow
            authorization
            cache-control
            content-disposition
            content-encoding
            content-language
            content-length
            content-location
            content-range
            content-type
            cookie
            date
            etag
            expect
            expires
            from
            host
            if-match
            if-modified-since
            if-none-match
            if-range
            if-unmodified-since
            last-modified
            link
            location
            max-forwards
            proxy-authenticate
            proxy-authorization
            range
            referer
            refresh
            retry-after
            server
            set-cookie
            strict-transport-security
            transfer-encoding
            user-agent
            vary
            via
            www-authenticate
            """;

    private static final HpackField[] ENTRIES = new HpackField[SIZE + 1];
    private static final int SLOTS = 256;
    private static final byte[] NAME_INDEX = new byte[SLOTS];

    static {
        int index = 0;
        for (String field : FIELDS.lines().toList()) {
            int space = field.indexOf(' ');
            String name = space < 0 ? field : field.substring(0, space);
            String value = space < 0 ? "" : field.substring(space + 1);
            byte[] line = (name + ": " + value + "\r\n").getBytes(StandardCharsets.US_ASCII);
            ENTRIES[++index] = new HpackField(line, name.length());
            if (nameIndex(line, 0, name.length()) == 0) {
                int slot = slot(line, 0, name.length());
                while (NAME_INDEX[slot] != 0) {
                    slot = (slot + 1) & (SLOTS - 1);
                }
                NAME_INDEX[slot] = (byte) index;
            }
        }
    }

    private StaticTable() {}

    /// The field at `index`, 1 to [#SIZE].
    static HpackField get(int index) {
        return ENTRIES[index];
    }

    /// The first index with the name `bytes[from, to)` in any case, or 0.
    static int nameIndex(byte[] bytes, int from, int to) {
        int slot = slot(bytes, from, to);
        int index;
        while ((index = NAME_INDEX[slot]) != 0) {
            HpackField entry = ENTRIES[index];
            if (entry.nameLength() == to - from && sameName(bytes, from, entry)) {
                return index;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        return 0;
    }

    private static boolean sameName(byte[] bytes, int from, HpackField entry) {
        byte[] line = entry.line();
        for (int i = 0; i < entry.nameLength(); i++) {
            byte c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != line[i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int from, int to) {
        if (from == to) {
            return 0;
        }
        return ((to - from) * 31 + (bytes[from] | 0x20) * 7 + (bytes[to - 1] | 0x20) * 13) & (SLOTS - 1);
    }
}
