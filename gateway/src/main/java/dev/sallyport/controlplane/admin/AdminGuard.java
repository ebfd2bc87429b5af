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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Decides whether a request to the admin listener is taken at all: right host, no foreign page, right token.
final class AdminGuard implements MetricSource {
    private static final String BEARER = "bearer ";

    private volatile Keys keys;
    private final FailureThrottle throttle;
    private final LongSupplier nanoTime;
    private final EventLog log;

    /// The minute of the last word about guesses, so that they do not fill the log.
    private final AtomicLong toldAt = new AtomicLong(Long.MIN_VALUE);

    private final LongAdder foreign = new LongAdder();
    private final LongAdder unauthenticated = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    private record Keys(AdminToken token, Set<String> hosts) {}

    AdminGuard(AdminToken token, List<String> hosts, LongSupplier nanoTime, EventLog log) {
        this.nanoTime = nanoTime;
        this.log = log;
        this.keys = keys(token, hosts);
        this.throttle = new FailureThrottle(nanoTime);
    }

    /// From now on, wants another token and answers to other names.
    void replace(AdminToken token, List<String> hosts) {
        keys = keys(token, hosts);
    }

    private static Keys keys(AdminToken token, List<String> hosts) {
        Set<String> names = new TreeSet<>();
        for (String host : hosts) {
            names.add(host.toLowerCase(Locale.ROOT));
        }
        return new Keys(token, names);
    }

    /// Why the request is refused, or null.
    @Nullable
    AdminResponse refusal(Headers headers, InetAddress peer, boolean open) {
        AdminResponse page = foreignPage(headers);
        if (page != null) {
            foreign.increment();
            return page;
        }
        if (open || authenticated(headers)) {
            return null;
        }
        unauthenticated.increment();
        if (throttle.failed(peer)) {
            return AdminResponse.problem(
                            401,
                            "admin-token-required",
                            "Not authenticated",
                            "Send the admin token: Authorization: Bearer TOKEN")
                    .with("WWW-Authenticate", "Bearer realm=\"sallyport-admin\"");
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

    private boolean authenticated(Headers headers) {
        List<String> credentials = headers.get("Authorization");
        if (credentials == null || credentials.size() != 1) {
            return false;
        }
        String credential = credentials.getFirst();
        return credential.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && keys.token.matches(credential.substring(BEARER.length()).strip());
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.ADMIN_REFUSED, (double) foreign.sum(), "foreign");
        sink.value(Metrics.ADMIN_REFUSED, (double) unauthenticated.sum(), "unauthenticated");
        sink.value(Metrics.ADMIN_REFUSED, (double) throttled.sum(), "throttled");
    }
}
