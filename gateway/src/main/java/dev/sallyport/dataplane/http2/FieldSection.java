package dev.sallyport.dataplane.http2;

import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.dataplane.message.FieldGrammar;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The validator behind HPACK: collects a field section and judges it by RFC 9113 §8 and by our limits.
///
/// Scratch of one connection: [#begin] it, let the decoder fill it, [#finish] it, take the [#headers]. What is
/// beyond a limit is not kept, so a section costs no more memory than its limit (threat DO-09).
public final class FieldSection {
    private static final int KEEP = 4096;
    private static final int COOKIE_OVERHEAD = HpackField.OVERHEAD + 6;
    private static final byte[] COOKIE_NAME = {'c', 'o', 'o', 'k', 'i', 'e', ':', ' '};
    private static final int MAX_LENGTH_DIGITS = 18;

    /// Bits of the fields that HTTP/2 knows no use for (RFC 9113 §8.2.2), `te` and spellings in `HOP_BY_HOP`
    /// apart.
    private static final long CONNECTION_SPECIFIC =
            FieldName.CONNECTION.bit() | FieldName.TRANSFER_ENCODING.bit() | FieldName.UPGRADE.bit();

    private static final long LOOKED_AT = CONNECTION_SPECIFIC
            | FieldName.HOP_BY_HOP.bit()
            | FieldName.TE.bit()
            | FieldName.CONTENT_LENGTH.bit()
            | FieldName.COOKIE.bit();

    /// What a section is part of.
    public enum Kind {
        REQUEST,
        RESPONSE,
        TRAILERS
    }

    private final int maxSize;
    private final int maxFields;
    private final Headers.Builder builder = new Headers.Builder(0);
    private byte[] lines = new byte[512];
    private int length;
    private long size;
    private int fields;
    private boolean regular;
    private @Nullable RequestFault malformed;
    private @Nullable RequestFault refused;
    private @Nullable HpackField method;
    private @Nullable HpackField scheme;
    private @Nullable HpackField authority;
    private @Nullable HpackField path;
    private @Nullable HpackField status;
    private @Nullable HpackField cookie;
    private byte[] cookies = new byte[0];
    private int cookiesLength;
    private long contentLength;

    /// @param maxSize   octets of names and values, 32 more for each field (RFC 9113 §6.5.2)
    /// @param maxFields how many fields, pseudo-fields not counted
    public FieldSection(int maxSize, int maxFields) {
        this.maxSize = maxSize;
        this.maxFields = maxFields;
    }

    void begin() {
        length = 0;
        size = 0;
        fields = 0;
        regular = false;
        malformed = null;
        refused = null;
        method = null;
        scheme = null;
        authority = null;
        path = null;
        status = null;
        cookie = null;
        cookiesLength = 0;
        contentLength = -1;
        builder.clear();
        if (lines.length > KEEP) {
            lines = new byte[512];
        }
        if (cookies.length > KEEP) {
            cookies = new byte[0];
        }
    }

    void add(HpackField field) {
        if (malformed != null) {
            return;
        }
        if (!field.valid()) {
            malformed = RequestFault.FIELD;
            return;
        }
        if (field.pseudo() != HpackField.Pseudo.NONE) {
            size += field.size();
            addPseudo(field);
            return;
        }
        regular = true;
        if ((field.field().bit() & LOOKED_AT) != 0 && !examine(field)) {
            return;
        }
        size += field.size();
        if (++fields > maxFields || size > maxSize) {
            overflow();
        } else {
            append(field);
        }
    }

    private void addPseudo(HpackField field) {
        if (regular) {
            malformed = RequestFault.FIELD;
            return;
        }
        switch (field.pseudo()) {
            case METHOD -> method = once(method, field);
            case SCHEME -> scheme = once(scheme, field);
            case AUTHORITY -> authority = once(authority, field);
            case PATH -> path = once(path, field);
            case STATUS -> status = once(status, field);
            default -> malformed = RequestFault.FIELD;
        }
    }

    private HpackField once(@Nullable HpackField before, HpackField field) {
        if (before != null) {
            malformed = RequestFault.FIELD_REPEATED;
        }
        return field;
    }

    /// Whether a field that means something to framing is to be kept as it is.
    private boolean examine(HpackField field) {
        switch (field.field()) {
            case COOKIE -> {
                return addCookie(field);
            }
            case CONTENT_LENGTH -> {
                long stated = length(field);
                if (stated < 0 || contentLength >= 0) {
                    malformed = RequestFault.FRAMING;
                    return false;
                }
                contentLength = stated;
            }
            case TE -> {
                if (!field.valueIs("trailers")) {
                    malformed = RequestFault.FRAMING;
                    return false;
                }
            }
            case HOP_BY_HOP -> {
                if (isConnectionSpecific(field)) {
                    malformed = RequestFault.FRAMING;
                    return false;
                }
            }
            default -> {
                malformed = RequestFault.FRAMING;
                return false;
            }
        }
        return true;
    }

    /// `keep-alive` and `proxy-connection`; the other hop-by-hop fields are removed later, not malformed.
    private static boolean isConnectionSpecific(HpackField field) {
        return switch (field.nameLength()) {
            case 10 -> field.line()[0] == 'k';
            case 16 -> field.line()[0] == 'p' && field.line()[6] == 'c';
            default -> false;
        };
    }

    private static long length(HpackField field) {
        int digits = field.valueLength();
        if (digits == 0 || digits > MAX_LENGTH_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = field.valueStart(); i < field.valueEnd(); i++) {
            int digit = field.line()[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /// Keeps the first `cookie` aside and joins others to it (RFC 9113 §8.2.3), so that limits see one field.
    private boolean addCookie(HpackField field) {
        HpackField first = cookie;
        if (first == null) {
            cookie = field;
            fields++;
            size += COOKIE_OVERHEAD + field.valueLength();
        } else {
            size += 2L + field.valueLength();
            if (size <= maxSize) {
                if (cookiesLength == 0) {
                    joinCookie(first);
                }
                joinCookie(field);
            }
        }
        if (fields > maxFields || size > maxSize) {
            overflow();
        }
        return false;
    }

    private void joinCookie(HpackField field) {
        int more = field.valueLength() + 2;
        if (cookiesLength + more + COOKIE_NAME.length > cookies.length) {
            cookies = Arrays.copyOf(cookies, Math.max(256, 2 * (cookiesLength + more)));
        }
        if (cookiesLength == 0) {
            System.arraycopy(COOKIE_NAME, 0, cookies, 0, COOKIE_NAME.length);
            cookiesLength = COOKIE_NAME.length;
        } else {
            cookies[cookiesLength++] = ';';
            cookies[cookiesLength++] = ' ';
        }
        System.arraycopy(field.line(), field.valueStart(), cookies, cookiesLength, field.valueLength());
        cookiesLength += field.valueLength();
    }

    private void overflow() {
        if (refused == null) {
            refused = fields > maxFields ? RequestFault.TOO_MANY_FIELDS : RequestFault.HEAD_TOO_LARGE;
        }
    }

    private void append(HpackField field) {
        byte[] line = field.line();
        int start = reserve(line.length);
        System.arraycopy(line, 0, lines, start, line.length);
        builder.record(
                start, start + field.nameLength(), start + field.valueStart(), start + field.valueEnd(), field.field());
    }

    private int reserve(int more) {
        int start = length;
        length += more;
        if (length > lines.length) {
            lines = Arrays.copyOf(lines, Math.max(lines.length * 2, length));
        }
        return start;
    }

    /// Judges the section as a whole.
    public void finish(Kind kind) {
        if (malformed != null) {
            return;
        }
        switch (kind) {
            case REQUEST -> finishRequest();
            case RESPONSE -> {
                if (status == null || method != null || scheme != null || authority != null || path != null) {
                    malformed = RequestFault.FIELD;
                } else if (statusCode() < 100) {
                    malformed = RequestFault.FIELD;
                }
            }
            case TRAILERS -> {
                if (status != null || method != null || scheme != null || authority != null || path != null) {
                    malformed = RequestFault.FIELD;
                }
            }
        }
        if (size > maxSize) {
            overflow();
        }
        if (malformed == null && refused == null && cookie != null) {
            appendCookie(cookie);
        }
    }

    private void finishRequest() {
        if (status != null || method == null) {
            malformed = RequestFault.FIELD;
        } else if (method.valueIs("CONNECT")) {
            if (scheme != null || path != null || authority == null) {
                malformed = RequestFault.FIELD;
            } else {
                refused = RequestFault.CONNECT;
            }
        } else if (scheme == null || path == null) {
            malformed = RequestFault.FIELD;
        } else if (!isToken(method)) {
            malformed = RequestFault.METHOD;
        } else if (!isOriginForm(path, method)) {
            malformed = RequestFault.TARGET;
        }
    }

    private static boolean isToken(HpackField field) {
        return FieldGrammar.isToken(field.line(), field.valueStart(), field.valueEnd());
    }

    private static boolean isOriginForm(HpackField path, HpackField method) {
        if (path.valueLength() == 0) {
            return false;
        }
        byte first = path.line()[path.valueStart()];
        return first == '/' || (first == '*' && path.valueLength() == 1 && method.valueIs("OPTIONS"));
    }

    private void appendCookie(HpackField first) {
        if (cookiesLength == 0) {
            append(first);
            return;
        }
        int start = reserve(cookiesLength + 2);
        System.arraycopy(cookies, 0, lines, start, cookiesLength);
        int valueEnd = start + cookiesLength;
        lines[valueEnd] = '\r';
        lines[valueEnd + 1] = '\n';
        int nameEnd = start + COOKIE_NAME.length - 2;
        builder.record(start, nameEnd, start + COOKIE_NAME.length, valueEnd, FieldName.COOKIE);
    }

    /// Why the section must not be used at all, or null; the stream is to be reset (RFC 9113 §8.1.1).
    public @Nullable RequestFault malformed() {
        return malformed;
    }

    /// Why the request, though well-formed, is refused, or null; it is to be answered.
    public @Nullable RequestFault refused() {
        return refused;
    }

    /// Whether the section is well-formed and within its limits.
    public boolean acceptable() {
        return malformed == null && refused == null;
    }

    /// The regular fields, cookies joined; once, and only of an [#acceptable()] section.
    public Headers headers() {
        return builder.build(Arrays.copyOf(lines, length), length);
    }

    /// The fields that may travel on as trailers: not what framing, routing, authentication or caching rest on
    /// (RFC 9110 §6.5.1). Once, and only of an [#acceptable()] section.
    public Headers trailers() {
        Headers all = headers();
        Headers.Builder kept = new Headers.Builder();
        for (int i = 0; i < all.count(); i++) {
            FieldName field = all.field(i);
            boolean passes = field == FieldName.OTHER
                    || field == FieldName.GRPC_STATUS
                    || field == FieldName.UNUSUAL_SPELLING
                    || field == FieldName.RETRY_AFTER;
            String name = all.name(i);
            if (passes && !name.startsWith("content-") && !name.startsWith("www-") && !name.equals("expires")) {
                kept.add(name, all.value(i));
            }
        }
        return kept.build();
    }

    /// What `content-length` states, or −1.
    public long contentLength() {
        return contentLength;
    }

    /// The three digits of `:status`, or −1 when they are not that.
    public int statusCode() {
        HpackField field = status;
        if (field == null || field.valueLength() != 3) {
            return -1;
        }
        int code = (int) length(field);
        return code >= 100 && code <= 599 ? code : -1;
    }

    /// The method, or null when it is not one of ours.
    public @Nullable Method methodOrNull() {
        HpackField field = method;
        return field == null ? null : Method.of(field.line(), field.valueStart(), field.valueEnd());
    }

    /// An array that holds `:path` from [#pathStart()] to [#pathEnd()]; shared: must not be modified.
    public byte[] pathBytes() {
        return present(path).line();
    }

    public int pathStart() {
        return present(path).valueStart();
    }

    public int pathEnd() {
        return present(path).valueEnd();
    }

    /// The scheme as sent.
    public String scheme() {
        return present(scheme).value();
    }

    /// `:authority` as sent, or null.
    public @Nullable String authority() {
        return authority == null ? null : authority.value();
    }

    private static HpackField present(@Nullable HpackField field) {
        if (field == null) {
            throw new IllegalStateException("the section was not found to be a request");
        }
        return field;
    }
}
