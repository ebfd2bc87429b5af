package dev.sallyport.controlplane.admin;

import com.sun.net.httpserver.Headers;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Decides whether a request to the admin listener is taken at all: right host, no foreign page, right token or
/// session.
final class AdminGuard implements MetricSource {
    static final String COOKIE = "sallyport-console";

    private static final String BEARER = "bearer ";

    private volatile Keys keys;
    private final FailureThrottle throttle;
    private final LongSupplier nanoTime;
    private final EventLog log;

    /// The minute of the last word about guesses, so that they do not fill the log.
    private final AtomicLong toldAt = new AtomicLong(Long.MIN_VALUE);

    private final AdminSessions sessions;
    private final LongAdder foreign = new LongAdder();
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    private record Keys(AdminToken token, @Nullable AdminToken readToken, Set<String> hosts) {
        @Nullable
        AdminRole role(String presented) {
            if (token.matches(presented)) {
                return AdminRole.OPERATOR;
            }
            return readToken != null && readToken.matches(presented) ? AdminRole.READER : null;
        }

        boolean sameTokens(Keys other) {
            return token.equals(other.token) && Objects.equals(readToken, other.readToken);
        }
    }

    AdminGuard(AdminSettings settings, LongSupplier nanoTime, EventLog log) {
        this.nanoTime = nanoTime;
        this.log = log;
        this.keys = keys(settings);
        this.throttle = new FailureThrottle(nanoTime);
        this.sessions = new AdminSessions(nanoTime);
    }

    /// From now on, wants other tokens and answers to other names. Sessions end when a token changed.
    void replace(AdminSettings settings) {
        Keys next = keys(settings);
        boolean same = next.sameTokens(keys);
        keys = next;
        if (!same) {
            sessions.endAll();
        }
    }

    private static Keys keys(AdminSettings settings) {
        Set<String> names = new TreeSet<>();
        for (String host : settings.hosts()) {
            names.add(host.toLowerCase(Locale.ROOT));
        }
        return new Keys(settings.token(), settings.readToken(), names);
    }

    /// What becomes of a request before its endpoint sees it.
    sealed interface Judgement {}

    /// @param role what the sender may do; null where nothing was shown and nothing is needed
    record Taken(@Nullable AdminRole role) implements Judgement {}

    record Refused(AdminResponse refusal) implements Judgement {}

    /// Judges a request.
    ///
    /// @param needed what the sender must be, or null for an open endpoint
    Judgement judge(String method, Headers headers, InetAddress peer, @Nullable AdminRole needed) {
        AdminResponse page = foreignPage(headers);
        if (page != null) {
            foreign.increment();
            return new Refused(page);
        }
        if (needed == null) {
            return new Taken(null);
        }
        AdminRole role = role(method, headers);
        if (role == null) {
            return new Refused(failed(peer));
        }
        if (role.compareTo(needed) < 0) {
            return new Refused(AdminResponse.problem(
                    403, "admin-read-only", "For operators", "The token that was shown may look and change nothing."));
        }
        return new Taken(role);
    }

    /// The outcome of a log-in.
    sealed interface LogIn {}

    /// @param secret of the new session
    record Begun(AdminRole role, String secret) implements LogIn {}

    record NotBegun(AdminResponse refusal) implements LogIn {}

    /// Begins a session for who shows a token.
    LogIn logIn(String token, InetAddress peer) {
        AdminRole role = keys.role(token);
        return role == null ? new NotBegun(failed(peer)) : new Begun(role, sessions.begin(role));
    }

    /// Ends a session, if it is one.
    void logOut(String secret) {
        sessions.end(secret);
    }

    /// The console's session in the request, or empty.
    static String cookie(Headers headers) {
        String found = "";
        for (String field : headers.getOrDefault("Cookie", List.of())) {
            for (String pair : field.split(";", -1)) {
                String cookie = pair.strip();
                if (cookie.startsWith(COOKIE + "=")) {
                    if (!found.isEmpty()) {
                        return ""; // two of them: somebody else set one
                    }
                    found = cookie.substring(COOKIE.length() + 1);
                }
            }
        }
        return found;
    }

    static AdminResponse noToken() {
        return AdminResponse.problem(
                        401,
                        "admin-token-required",
                        "Not authenticated",
                        "Send the admin token: Authorization: Bearer TOKEN")
                .with("WWW-Authenticate", "Bearer realm=\"sallyport-admin\"");
    }

    private AdminResponse failed(InetAddress peer) {
        unauthenticated.increment();
        if (throttle.failed(peer)) {
            return noToken();
        }
        throttled.increment();
        long minute = TimeUnit.NANOSECONDS.toMinutes(nanoTime.getAsLong());
        if (toldAt.getAndSet(minute) != minute) {
            log.event(Event.ADMIN_FAILURES, "address", peer.getHostAddress(), "throttled", throttled.sum());
        }
        return AdminResponse.problem(
                        429, "admin-failures", "Too many failures", "Too many requests without the right token.")
                .with("Retry-After", "1");
    }

    /// A page of another origin must not get here, neither by a name that was made to point to this machine (DNS
    /// rebinding) nor across origins (CSRF).
    private @Nullable AdminResponse foreignPage(Headers headers) {
        List<String> host = headers.get("Host");
        if (host == null || host.size() != 1 || !hostAllowed(host.getFirst())) {
            return AdminResponse.problem(
                    421,
                    "admin-host-unknown",
                    "Unknown host",
                    "The admin listener answers to localhost, IP addresses and the names in admin.hosts.");
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + host.getFirst())) {
            return AdminResponse.problem(403, "admin-foreign-origin", "Foreign origin", "Not for other sites' pages.");
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return AdminResponse.problem(403, "admin-foreign-origin", "Foreign origin", "Not for other sites' pages.");
        }
        return null;
    }

    private boolean hostAllowed(String field) {
        String host = field.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            return host.matches("\\[[0-9a-f:.]+](:\\d{1,5})?");
        }
        int colon = host.indexOf(':');
        if (colon >= 0) {
            if (!host.substring(colon + 1).matches("\\d{1,5}")) {
                return false;
            }
            host = host.substring(0, colon);
        }
        return host.equals("localhost") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}") || keys.hosts.contains(host);
    }

    private @Nullable AdminRole role(String method, Headers headers) {
        List<String> credentials = headers.get("Authorization");
        if (credentials == null) {
            return byCookie(method, headers);
        }
        if (credentials.size() != 1) {
            return null;
        }
        String credential = credentials.getFirst();
        return credential.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? keys.role(credential.substring(BEARER.length()).strip())
                : null;
    }

    /// A browser sends the cookie by itself: for what changes something it has to say too that the console's own
    /// page asked ([#foreignPage] has refused all others).
    private @Nullable AdminRole byCookie(String method, Headers headers) {
        String secret = cookie(headers);
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (secret.isEmpty() || (!reads && headers.getFirst("Origin") == null)) {
            return null;
        }
        return sessions.use(secret);
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.ADMIN_REFUSED, (double) foreign.sum(), "foreign");
        sink.value(Metrics.ADMIN_REFUSED, (double) unauthenticated.sum(), "unauthenticated");
        sink.value(Metrics.ADMIN_REFUSED, (double) throttled.sum(), "throttled");
    }
}
