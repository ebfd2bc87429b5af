package dev.sallyport.api.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The header fields that mean something to a gateway, and what a gateway does with each.
///
/// A field is recognised by its folded spelling: ASCII lower case with `_` and `.` read as `-`, because upstreams
/// that map names to environment variables cannot tell those apart (threat HD-07). A name that contains `_` or `.`
/// is always [#UNUSUAL_SPELLING] and never travels on, whatever it folds to.
public enum FieldName {
    /// Any field without a role of its own.
    OTHER(Rule.PASS),
    UNUSUAL_SPELLING(Rule.DROP),

    HOST(Rule.OWN, true, "host"),
    CONTENT_LENGTH(Rule.OWN, true, "content-length"),
    TRANSFER_ENCODING(Rule.OWN, false, "transfer-encoding"),
    CONNECTION(Rule.HOP_BY_HOP, false, "connection"),
    HOP_BY_HOP(
            Rule.HOP_BY_HOP,
            false,
            "keep-alive",
            "proxy-connection",
            "proxy-authorization",
            "proxy-authenticate",
            "proxy-authentication-info",
            "trailer",
            "http2-settings"),
    TE(Rule.HOP_BY_HOP, false, "te"),
    UPGRADE(Rule.HOP_BY_HOP, false, "upgrade"),
    EXPECT(Rule.OWN, false, "expect"),
    /// Draft WebSocket keys that some parsers take for an eight-byte body (threat SM-22).
    WEBSOCKET_DRAFT_KEY(Rule.DROP, false, "sec-websocket-key1", "sec-websocket-key2"),

    AUTHORIZATION(Rule.PASS, true, "authorization"),
    COOKIE(Rule.PASS, false, "cookie"),
    SET_COOKIE(Rule.PASS, false, "set-cookie"),
    DPOP(Rule.PASS, true, "dpop"),
    X_API_KEY(Rule.PASS, true, "x-api-key"),
    ORIGIN(Rule.PASS, true, "origin"),
    CONTENT_TYPE(Rule.PASS, true, "content-type"),
    ACCEPT(Rule.PASS, false, "accept"),
    USER_AGENT(Rule.PASS, false, "user-agent"),
    REFERER(Rule.PASS, false, "referer"),

    FORWARDED(Rule.CLIENT_CLAIM, false, "forwarded"),
    X_FORWARDED_FOR(Rule.CLIENT_CLAIM, false, "x-forwarded-for"),
    X_FORWARDED_HOST(Rule.CLIENT_CLAIM, false, "x-forwarded-host"),
    X_FORWARDED_PROTO(Rule.CLIENT_CLAIM, false, "x-forwarded-proto"),
    /// Other claims about the client's address or the original URL (threats HD-05, PA-19).
    CLIENT_CLAIM(
            Rule.CLIENT_CLAIM,
            false,
            "x-real-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-originating-ip",
            "x-remote-ip",
            "x-remote-addr",
            "client-ip",
            "front-end-https",
            "x-original-url",
            "x-original-uri",
            "x-original-method",
            "x-original-host",
            "x-original-forwarded-for",
            "x-forwarded",
            "x-rewrite-url",
            "x-url-scheme",
            "x-scheme",
            "x-host",
            "x-http-host-override"),
    /// Claims about who calls (threats HD-06, HD-12); only the gateway may make them.
    IDENTITY_CLAIM(
            Rule.CLIENT_CLAIM,
            false,
            "x-user",
            "x-username",
            "x-user-id",
            "x-userid",
            "x-user-name",
            "x-user-email",
            "x-email",
            "x-userinfo",
            "x-role",
            "x-roles",
            "x-groups",
            "x-group",
            "x-scopes",
            "x-scope",
            "x-permissions",
            "x-tenant",
            "x-tenant-id",
            "x-principal",
            "x-subject",
            "x-identity",
            "x-access-token",
            "x-id-token",
            "remote-user",
            "remote-groups",
            "remote-email",
            "remote-name",
            "x-remote-user",
            "x-remote-groups",
            "client-cert",
            "client-cert-chain",
            "x-client-cert",
            "x-client-verify",
            "x-client-dn",
            "x-webauth-user"),
    METHOD_OVERRIDE(
            Rule.CLIENT_CLAIM, false, "x-http-method-override", "x-http-method", "x-method-override", "x-method"),
    /// `Proxy`, which CGI upstreams read as an environment variable (threat HD-15).
    PROXY(Rule.DROP, false, "proxy"),
    EARLY_DATA(Rule.DROP, false, "early-data"),
    VIA(Rule.OWN, false, "via"),
    TRACEPARENT(Rule.OWN, true, "traceparent"),
    TRACESTATE(Rule.OWN, false, "tracestate"),
    BAGGAGE(Rule.OWN, false, "baggage"),
    X_REQUEST_ID(Rule.OWN, false, "x-request-id"),
    MAX_FORWARDS(Rule.PASS, true, "max-forwards"),

    DATE(Rule.PASS, true, "date"),
    RETRY_AFTER(Rule.PASS, true, "retry-after"),
    LOCATION(Rule.PASS, true, "location"),
    CACHE_CONTROL(Rule.PASS, false, "cache-control"),
    VARY(Rule.PASS, false, "vary"),
    GRPC_STATUS(Rule.PASS, true, "grpc-status"),
    /// What upstreams say about themselves or to their own proxy (threat US-07); removed from responses.
    INTERNAL_RESPONSE(Rule.PASS, false, "server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version");

    /// What happens to a field of a request on its way to the upstream.
    public enum Rule {
        /// Forwarded as received.
        PASS,
        /// Removed: it concerns one connection only (RFC 9110 §7.6.1).
        HOP_BY_HOP,
        /// Removed: a claim that only a trusted hop or the gateway itself may make.
        CLIENT_CLAIM,
        /// Removed: never legitimate here.
        DROP,
        /// Removed, and written anew from the parsed message.
        OWN
    }

    private static final FieldName[] VALUES = values();
    private static final int TABLE_SIZE = 1024;
    private static final byte[][] TABLE_NAMES = new byte[TABLE_SIZE][];
    private static final FieldName[] TABLE_FIELDS = new FieldName[TABLE_SIZE];
    private static final byte[] FOLD = new byte[256];
    private static final byte[][] IDENTITY_FAMILIES = ascii(
            "x-auth-",
            "x-authenticated-",
            "x-authentik-",
            "x-consumer-",
            "x-credential-",
            "x-jwt-",
            "x-claim-",
            "x-ssl-",
            "x-pomerium-",
            "x-goog-authenticated-",
            "x-ms-client-principal",
            "x-amzn-oidc-",
            "x-token-",
            "x-webauth-",
            "x-vouch-",
            "x-identity-",
            "x-principal-",
            "ssl-client-");
    private static final byte[][] CLAIM_FAMILIES = ascii("x-forwarded-", "x-envoy-", "fastly-", "x-accel-", "cf-");

    private final Rule rule;
    private final boolean single;

    @SuppressWarnings("ImmutableEnumChecker") // read while the table is filled, never modified
    private final byte[][] spellings;

    FieldName(Rule rule) {
        this(rule, false);
    }

    FieldName(Rule rule, boolean single, String... spellings) {
        this.rule = rule;
        this.single = single;
        this.spellings = ascii(spellings);
    }

    static {
        for (int c = 0; c < 256; c++) {
            FOLD[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c == '_' || c == '.' ? '-' : c);
        }
        for (FieldName field : VALUES) {
            for (byte[] spelling : field.spellings) {
                int slot = hash(spelling, 0, spelling.length);
                while (TABLE_NAMES[slot] != null) {
                    slot = (slot + 1) & (TABLE_SIZE - 1);
                }
                TABLE_NAMES[slot] = spelling;
                TABLE_FIELDS[slot] = field;
            }
        }
    }

    /// The field named by `bytes[start, end)`, in any case. Unknown names are [#OTHER].
    public static FieldName of(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            byte c = bytes[i];
            if (c == '_' || c == '.') {
                return UNUSUAL_SPELLING;
            }
        }
        int slot = hash(bytes, start, end);
        byte[] candidate;
        while ((candidate = TABLE_NAMES[slot]) != null) {
            if (candidate.length == end - start && startsWith(bytes, start, end, candidate)) {
                return TABLE_FIELDS[slot];
            }
            slot = (slot + 1) & (TABLE_SIZE - 1);
        }
        return family(bytes, start, end);
    }

    /// The field called `name`, in any case.
    public static FieldName of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return of(bytes, 0, bytes.length);
    }

    private static FieldName family(byte[] bytes, int start, int end) {
        if (end - start > 3) {
            switch (bytes[start] | 0x20) {
                case 'x', 's', 'f', 'c' -> {
                    for (byte[] family : IDENTITY_FAMILIES) {
                        if (startsWith(bytes, start, end, family)) {
                            return IDENTITY_CLAIM;
                        }
                    }
                    for (byte[] family : CLAIM_FAMILIES) {
                        if (startsWith(bytes, start, end, family)) {
                            return CLIENT_CLAIM;
                        }
                    }
                }
                default -> {}
            }
        }
        return OTHER;
    }

    private static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
        if (end - start < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (FOLD[bytes[start + i] & 0xff] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private static int hash(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return 0;
        }
        int first = FOLD[bytes[start] & 0xff];
        int last = FOLD[bytes[end - 1] & 0xff];
        int middle = FOLD[bytes[start + (length >> 1)] & 0xff];
        int quarter = FOLD[bytes[start + (length >> 2)] & 0xff];
        return ((length * 31 + first) * 67 + last * 17 + middle * 131 + quarter * 257) & (TABLE_SIZE - 1);
    }

    private static byte[][] ascii(String... names) {
        byte[][] bytes = new byte[names.length][];
        for (int i = 0; i < names.length; i++) {
            bytes[i] = names[i].toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    /// The field with this [#index()].
    public static FieldName at(int index) {
        return VALUES[index];
    }

    /// A small number that stands for this field in compact tables of this process.
    @SuppressWarnings("EnumOrdinal") // never stored or sent
    public int index() {
        return ordinal();
    }

    public Rule rule() {
        return rule;
    }

    /// Whether a message may carry the field once only; a second one makes the message invalid (RFC 9110 §5.3).
    public boolean single() {
        return single;
    }

    /// This field's bit in a set of fields.
    public long bit() {
        return 1L << index();
    }

    /// The set of all fields with `rule`, as bits.
    public static long bits(Rule rule) {
        long bits = 0;
        for (FieldName field : VALUES) {
            if (field.rule == rule) {
                bits |= field.bit();
            }
        }
        return bits;
    }
}
