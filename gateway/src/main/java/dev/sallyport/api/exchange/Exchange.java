package dev.sallyport.api.exchange;

import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.exchange.TraceContext.Attempt;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.identity.Principal;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// One request and what becomes of it: what policies may see and do, and what is recorded at the end.
///
/// Confined to its event loop until it is recorded; immutable from then on. It holds no reference-counted buffers.
/// Times are nanoseconds of [System#nanoTime()], 0 where the moment was never reached.
public final class Exchange {
    /// The name of the path parameter that holds what a last `/**` matched, without the slash before it.
    public static final String REST = "rest";

    private static final Object[] NO_ATTRIBUTES = {};

    private final CanonicalRequest request;
    private final ClientConnection connection;
    private final Executor executor;
    private final int loop;
    private final long requestIdHigh;
    private final long requestIdLow;
    private final long startedAt;
    private final long startedAtEpochMillis;

    private InetAddress clientAddress;
    private TraceContext trace;
    private String configVersion = "";
    private String route = "";
    private String routePath = "";
    private String[] pathParameters = {};
    private @Nullable Principal principal;
    private String admittedBy = "";
    private String deniedBy = "";
    private String shadowDeniedBy = "";
    private String limitedBy = "";
    private String shadowLimitedBy = "";
    private String overloadedBy = "";
    private int leftOut;
    private int sampledOutBefore;
    private @Nullable Standings standings;
    private @Nullable ResponseHead responseHead;
    private @Nullable BodyTap tap;
    private Conduct conduct = Conduct.UNKNOWN;
    private @Nullable Runnable ending;
    private @Nullable Refusal refusal;
    private @Nullable Failure failure;
    private @Nullable HeaderEdits requestEdits;
    private @Nullable HeaderEdits responseEdits;
    private @Nullable String upstreamPath;
    private @Nullable String forwardedQuery;
    private @Nullable String upstreamHost;
    private String upstream = "";
    private String endpoint = "";
    private int attempts;
    private boolean followed;
    private @Nullable Attempt attempt;
    private int status;
    private int upstreamStatus;
    private long requestBytes;
    private long responseBytes;
    private long forwardedAt;
    private long connectedAt;
    private long respondedAt;
    private long endedAt;
    private Object[] attributes = NO_ATTRIBUTES;

    /// A new exchange.
    ///
    /// @param loop     the number of the event loop, 0 to the count of loops − 1, for state that is kept per
    ///     loop
    /// @param executor runs tasks on that event loop
    public Exchange(CanonicalRequest request, ClientConnection connection, Executor executor, int loop, Origin origin) {
        this.request = request;
        this.forwardedQuery = request.query();
        this.connection = connection;
        this.executor = executor;
        this.loop = loop;
        this.clientAddress = origin.clientAddress();
        this.trace = origin.trace();
        this.requestIdHigh = origin.requestIdHigh();
        this.requestIdLow = origin.requestIdLow();
        this.startedAt = origin.startedAt();
        this.startedAtEpochMillis = origin.startedAtEpochMillis();
    }

    /// What an exchange is born with: the client behind trusted proxies, its trace, its id and its time of
    /// birth.
    public record Origin(
            InetAddress clientAddress,
            TraceContext trace,
            long requestIdHigh,
            long requestIdLow,
            long startedAt,
            long startedAtEpochMillis) {}

    public CanonicalRequest request() {
        return request;
    }

    public ClientConnection connection() {
        return connection;
    }

    public int loop() {
        return loop;
    }

    /// Runs `task` on this exchange's event loop; the way back for whoever left it.
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /// The client's address: the peer's, or what a trusted proxy says of it.
    public InetAddress clientAddress() {
        return clientAddress;
    }

    public TraceContext trace() {
        return trace;
    }

    public long requestIdHigh() {
        return requestIdHigh;
    }

    public long requestIdLow() {
        return requestIdLow;
    }

    public long startedAt() {
        return startedAt;
    }

    public long startedAtEpochMillis() {
        return startedAtEpochMillis;
    }

    /// The version of the configuration it is served by, empty until it is known.
    public String configVersion() {
        return configVersion;
    }

    public void configVersion(String version) {
        configVersion = version;
    }

    /// Scheme and authority under which the client knows this resource: as the listener's `public-url` says,
    /// else as asked for. Without slash at the end.
    public String publicUrl() {
        String configured = connection.publicUrl();
        return configured == null ? connection.scheme() + "://" + request.authority() : configured;
    }

    /// The name of the matched route, empty until one matched.
    public String route() {
        return route;
    }

    /// The path template of the matched route, empty until one matched.
    public String routePath() {
        return routePath;
    }

    /// Names and values in turn of the path template's parameters, decoded no further than the path is.
    public String[] pathParameters() {
        return pathParameters;
    }

    public void routed(String name, String pathTemplate, String[] parameters) {
        route = name;
        routePath = pathTemplate;
        pathParameters = parameters;
    }

    /// The value of the path parameter called `name`, or null; [#REST] is one of every template with a last
    /// `/**`.
    public @Nullable String pathParameter(String name) {
        for (int i = 0; i < pathParameters.length; i += 2) {
            if (pathParameters[i].equals(name)) {
                return pathParameters[i + 1];
            }
        }
        return name.equals(REST) && routePath.endsWith("/**") ? rest() : null;
    }

    /// What of the path lies behind as many slashes as the template has; cut out only for who asks.
    private String rest() {
        String path = request.path();
        int from = 0;
        for (int at = routePath.indexOf('/'); at >= 0; at = routePath.indexOf('/', at + 1)) {
            from = path.indexOf('/', from) + 1;
            if (from == 0) {
                return "";
            }
        }
        return path.substring(from);
    }

    /// The proven caller, or null for an anonymous one.
    public @Nullable Principal principal() {
        return principal;
    }

    /// The access rule that let this exchange in, empty when none did.
    public String admittedBy() {
        return admittedBy;
    }

    /// Notes who calls, as proven; whether the caller may is another matter.
    public void authenticated(Principal caller) {
        principal = caller;
    }

    /// Notes what let the exchange in.
    public void admitted(String rule, @Nullable Principal caller) {
        admittedBy = rule;
        principal = caller;
    }

    /// The access rule that refused this exchange, or ended it while it went on; empty when none did.
    public String deniedBy() {
        return deniedBy;
    }

    /// Notes which access rule refused; as the configuration names it.
    public void denied(String rule) {
        deniedBy = rule;
    }

    /// The first access rule in shadow mode that would have refused, empty when none would.
    public String shadowDeniedBy() {
        return shadowDeniedBy;
    }

    /// Notes which access rule would have refused if it were enforced.
    public void shadowDenied(String rule) {
        if (shadowDeniedBy.isEmpty()) {
            shadowDeniedBy = rule;
        }
    }

    /// The limit that refused this exchange, empty when none did.
    public String limitedBy() {
        return limitedBy;
    }

    /// Notes which limit refused; as the configuration names it.
    public void limited(String limit) {
        limitedBy = limit;
    }

    /// The first limit on trial that would have refused, empty when none would.
    public String shadowLimitedBy() {
        return shadowLimitedBy;
    }

    /// Notes which limit would have refused if it were enforced.
    public void shadowLimited(String limit) {
        if (shadowLimitedBy.isEmpty()) {
            shadowLimitedBy = limit;
        }
    }

    /// How those behind it have behaved: the network it comes from, and once that is proven the caller. Known
    /// from `SCREEN` on, better known after `ADMIT`; [Conduct#UNKNOWN] where conduct is not watched.
    public Conduct conduct() {
        return conduct;
    }

    /// Notes how those behind it have behaved.
    public void conduct(Conduct known) {
        conduct = known;
    }

    /// What there was too much of, so that this exchange was refused; empty when it was not.
    public String overloadedBy() {
        return overloadedBy;
    }

    /// Notes what there is too much of.
    public void overloaded(String by) {
        overloadedBy = by;
    }

    /// Whether this exchange is one of so many alike that it is left out of the access log.
    public boolean leftOut() {
        return leftOut < 0;
    }

    /// Leaves this exchange out of the access log; it is counted.
    public void leaveOut() {
        leftOut = -1;
    }

    /// How many exchanges alike were left out of the access log since the last that was not.
    public int leftOutBefore() {
        return Math.max(0, leftOut);
    }

    public void leftOutBefore(int count) {
        leftOut = count;
    }

    /// How many exchanges had no line in the access log because of its sampling, since the last that had one.
    public int sampledOutBefore() {
        return sampledOutBefore;
    }

    public void sampledOutBefore(int count) {
        sampledOutBefore = count;
    }

    /// How the caller stands with the limits that counted this exchange, null when none did.
    public @Nullable Standings standings() {
        return standings;
    }

    public void standings(Standings known) {
        standings = known;
    }

    /// The final head that the client is sent, before policies changed it; null when there is none.
    public @Nullable ResponseHead responseHead() {
        return responseHead;
    }

    public void responseHead(ResponseHead head) {
        responseHead = head;
    }

    /// What sees the bodies go by, null for nothing.
    public @Nullable BodyTap tap() {
        return tap;
    }

    /// Has `seer` see the bodies go by from here on.
    public void tap(BodyTap seer) {
        tap = seer;
    }

    /// Has `task` run on the event loop when the exchange is over, whatever becomes of it, before it is
    /// recorded.
    public void whenOver(Runnable task) {
        Runnable before = ending;
        ending = before == null
                ? task
                : () -> {
                    before.run();
                    task.run();
                };
    }

    /// Runs what was to be run in the end; for the one that ends it.
    public void over() {
        Runnable task = ending;
        if (task != null) {
            ending = null;
            task.run();
        }
    }

    public @Nullable Refusal refusal() {
        return refusal;
    }

    public void refused(Refusal reason) {
        refusal = reason;
    }

    public @Nullable Failure failure() {
        return failure;
    }

    /// Notes the first failure; later ones are consequences of it.
    public void failed(Failure reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    /// Changes to the request head on its way to the upstream.
    public HeaderEdits requestEdits() {
        HeaderEdits edits = requestEdits;
        if (edits == null) {
            edits = new HeaderEdits();
            requestEdits = edits;
        }
        return edits;
    }

    /// The changes made so far, or null for none.
    public @Nullable HeaderEdits requestEditsOrNull() {
        return requestEdits;
    }

    /// Changes to the head of the final response on its way to the client.
    public HeaderEdits responseEdits() {
        HeaderEdits edits = responseEdits;
        if (edits == null) {
            edits = new HeaderEdits();
            responseEdits = edits;
        }
        return edits;
    }

    /// The changes made so far, or null for none.
    public @Nullable HeaderEdits responseEditsOrNull() {
        return responseEdits;
    }

    /// The path (with query) that the upstream is asked for, where a policy changed it; else null.
    public @Nullable String upstreamPath() {
        return upstreamPath;
    }

    /// Asks the upstream for another path and query; checked again when it is written.
    public void upstreamPath(String pathAndQuery) {
        upstreamPath = pathAndQuery;
    }

    /// The query as it travels on: the request's, without what stays at the gateway; null for none.
    public @Nullable String forwardedQuery() {
        return forwardedQuery;
    }

    /// Keeps back what `query` no longer holds.
    public void forwardedQuery(@Nullable String query) {
        forwardedQuery = query;
    }

    /// The `Host` the upstream is given, where a policy changed it; else null.
    public @Nullable String upstreamHost() {
        return upstreamHost;
    }

    public void upstreamHost(String host) {
        upstreamHost = host;
    }

    /// The name of the upstream asked, empty when none was.
    public String upstream() {
        return upstream;
    }

    /// The `host:port` asked last, empty when none was.
    public String endpoint() {
        return endpoint;
    }

    /// How many endpoints were asked.
    public int attempts() {
        return attempts;
    }

    /// Notes that an endpoint is asked.
    public void attempted(String upstreamName, String endpointAddress, long nanos) {
        upstream = upstreamName;
        endpoint = endpointAddress;
        attempts++;
        if (followed) {
            attempt = new Attempt(attempt, attempts, upstreamName, endpointAddress, nanos);
        }
    }

    /// Notes that the endpoint asked last came to nothing.
    public void attemptFailed(Failure reason, long nanos) {
        Attempt latest = attempt;
        if (latest != null) {
            latest.failed(reason, nanos);
        }
    }

    /// Whether its trace may be told, so that each attempt is kept.
    public boolean followed() {
        return followed;
    }

    /// Has each attempt kept from now on.
    public void follow() {
        followed = true;
    }

    /// The endpoint asked last, with those before it; null when none was, or when they are not kept.
    public @Nullable Attempt attempt() {
        return attempt;
    }

    /// The status the client got, 0 when none was sent.
    public int status() {
        return status;
    }

    public void status(int sent) {
        status = sent;
    }

    /// The status the upstream gave, 0 when it gave none.
    public int upstreamStatus() {
        return upstreamStatus;
    }

    /// Bytes of request body received from the client.
    public long requestBytes() {
        return requestBytes;
    }

    public void addRequestBytes(int bytes) {
        requestBytes += bytes;
    }

    /// Bytes of response body sent to the client.
    public long responseBytes() {
        return responseBytes;
    }

    public void addResponseBytes(int bytes) {
        responseBytes += bytes;
    }

    /// When the upstream was first chosen.
    public long forwardedAt() {
        return forwardedAt;
    }

    public void forwardedAt(long nanos) {
        forwardedAt = nanos;
    }

    /// When a connection to the upstream was in hand.
    public long connectedAt() {
        return connectedAt;
    }

    public void connectedAt(long nanos) {
        connectedAt = nanos;
        Attempt latest = attempt;
        if (latest != null) {
            latest.connectedAt(nanos);
        }
    }

    /// When the head of the upstream's response was in hand.
    public long respondedAt() {
        return respondedAt;
    }

    public void responded(int fromUpstream, long nanos) {
        upstreamStatus = fromUpstream;
        respondedAt = nanos;
        Attempt latest = attempt;
        if (latest != null) {
            latest.responded(fromUpstream, nanos);
        }
    }

    /// When the exchange ended.
    public long endedAt() {
        return endedAt;
    }

    public void endedAt(long nanos) {
        endedAt = nanos;
    }

    /// What was put under `key`, or null.
    public <T> @Nullable T get(Attribute<T> key) {
        int index = key.index();
        return index < attributes.length ? key.type().cast(attributes[index]) : null;
    }

    public <T> void put(Attribute<T> key, T value) {
        int index = key.index();
        if (index >= attributes.length) {
            attributes = Arrays.copyOf(attributes, index + 4);
        }
        attributes[index] = value;
    }
}
