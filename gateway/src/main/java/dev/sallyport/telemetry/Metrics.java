package dev.sallyport.telemetry;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

/// Every metric that a [MetricSource] states.
public final class Metrics {
    private Metrics() {}

    /// The label value that stands for whatever is beyond a cap or not known.
    public static final String OTHER = "_OTHER";

    // Requests.
    public static final Metric SERVER_DURATION = Metric.histogram(
            "http.server.request.duration",
            "s",
            "Time from the whole request head to the last byte of the response",
            "http.route",
            "gateway.route",
            "http.request.method",
            "http.response.status_code",
            "error.type");
    public static final Metric SERVER_ACTIVE =
            Metric.gauge("http.server.active_requests", "", "Requests being served now");
    public static final Metric CLIENT_DURATION = Metric.histogram(
            "http.client.request.duration",
            "s",
            "Time from the choice of an endpoint to the head of its response, or to the failure",
            "upstream",
            "http.response.status_code",
            "error.type");
    public static final Metric REQUESTS = Metric.counter(
            "sallyport.requests", "", "Requests served or refused", "listener", "network.protocol.version");
    public static final Metric REQUEST_BODY =
            Metric.counter("sallyport.request.body", "By", "Request body received from clients", "gateway.route");
    public static final Metric RESPONSE_BODY =
            Metric.counter("sallyport.response.body", "By", "Response body sent to clients", "gateway.route");
    public static final Metric REFUSALS = Metric.counter(
            "sallyport.refusals",
            "",
            "Requests refused, by reason and status",
            "gateway.route",
            "reason",
            "http.response.status_code");
    public static final Metric ACCESS_DECISIONS = Metric.counter(
            "sallyport.access.decisions",
            "",
            "What access rules said of requests: allow, deny, or shadow-deny for what passed though a rule on trial"
                    + " would have refused it",
            "gateway.route",
            "outcome");
    public static final Metric FAILURES = Metric.counter(
            "sallyport.failures", "", "Requests that went wrong after they were let in", "gateway.route", "reason");
    public static final Metric MALFORMED =
            Metric.counter("sallyport.malformed", "", "Requests that could not be understood", "reason");
    public static final Metric BUGS =
            Metric.counter("sallyport.bugs", "", "Requests ended by a bug of the gateway: please report it");
    public static final Metric UPSTREAM_ATTEMPTS = Metric.counter(
            "sallyport.upstream.attempts", "", "Endpoints asked, repeated attempts included", "upstream");
    public static final Metric SERIES_OVERFLOWED = Metric.counter(
            "sallyport.metrics.overflowed", "", "Requests counted as _OTHER because a cap on series was reached");
    public static final Metric METRIC_SOURCE_FAILURES = Metric.counter(
            "sallyport.metrics.source_failures", "", "Times that a part of the gateway could not state its figures");

    // Limits.
    public static final Metric LIMIT_DECISIONS = Metric.counter(
            "sallyport.limit.decisions",
            "",
            "Requests that a limit allowed, refused, or shadowed: that it would have refused if it were enforced",
            "limit",
            "outcome");
    public static final Metric LIMIT_KEYS = Metric.gauge(
            "sallyport.limit.keys", "", "Keys that a limit counts now, about, by measure", "limit", "measure");
    public static final Metric LIMIT_ROOM = Metric.gauge(
            "sallyport.limit.room",
            "",
            "Keys that a limit has room for without more memory, by measure",
            "limit",
            "measure");
    public static final Metric LIMIT_OVERFLOWED = Metric.counter(
            "sallyport.limit.overflowed",
            "",
            "Requests that a limit counted together because there was no room for their keys, by measure",
            "limit",
            "measure");
    public static final Metric LIMIT_NEAREST = Metric.gauge(
            "sallyport.limit.nearest",
            "",
            "The largest part of its allowance, 0 to 1, that any key of a limit used up in the last minutes",
            "limit");
    public static final Metric LIMIT_SHARED = Metric.counter(
            "sallyport.limit.shared",
            "",
            "Parts of requests that limits which gateways share decided, by how: asked of the store, leased from it, known"
                    + " to be refused, and without it local-share, open or closed",
            "way");
    public static final Metric LIMIT_NODES =
            Metric.gauge("sallyport.limit.nodes", "", "Gateways that share limits, as far as the store has told");

    // Overload.
    public static final Metric UPSTREAM_CONCURRENCY_LIMIT = Metric.gauge(
            "sallyport.upstream.concurrency.limit", "", "Requests that an upstream may have at once now", "upstream");
    public static final Metric UPSTREAM_CONCURRENCY_USED = Metric.gauge(
            "sallyport.upstream.concurrency.used",
            "",
            "Requests that count against what an upstream may have at once",
            "upstream");
    public static final Metric UPSTREAM_CONCURRENCY_REFUSED = Metric.counter(
            "sallyport.upstream.concurrency.refused",
            "",
            "Requests refused because an upstream had as many as it may, by priority of the route: concurrency, or"
                    + " fair-share when the caller had its share",
            "upstream",
            "priority",
            "reason");
    public static final Metric UPSTREAM_TYPICAL_LATENCY = Metric.gauge(
            "sallyport.upstream.concurrency.typical",
            "s",
            "How long an upstream takes to answer when it is not busy, as far as is known",
            "upstream");
    public static final Metric OVERLOAD_PRESSURE = Metric.gauge(
            "sallyport.overload.pressure",
            "",
            "How much the gateway has to do, as part of what is too much: loop-lag, memory, requests",
            "signal");
    public static final Metric OVERLOAD_THRESHOLD = Metric.gauge(
            "sallyport.overload.threshold",
            "",
            "The rank below which the gateway refuses requests: 0 for none, 4 for those of low priority, 14 at most",
            "loop");
    public static final Metric OVERLOAD_REFUSED = Metric.counter(
            "sallyport.overload.refused",
            "",
            "Requests refused because the gateway had too much to do, by priority of the route",
            "priority");
    public static final Metric CONNECTIONS_SHED = Metric.counter(
            "sallyport.connections.shed",
            "",
            "Client connections without a request that were closed to make room",
            "listener");
    // Conduct.
    public static final Metric BEHAVIOUR_SIGNALS = Metric.counter(
            "sallyport.behaviour.signals", "", "What callers did that speaks against them, by signal", "signal");
    public static final Metric BEHAVIOUR_LEVELS = Metric.counter(
            "sallyport.behaviour.levels",
            "",
            "How often an address, a network or a caller became suspicious or hostile",
            "kind",
            "level");
    public static final Metric BEHAVIOUR_REFUSED = Metric.counter(
            "sallyport.behaviour.refused",
            "",
            "Requests refused because of the conduct of their source or of their caller",
            "by");
    public static final Metric BEHAVIOUR_RECOGNISED = Metric.counter(
            "sallyport.behaviour.recognised",
            "",
            "Requests from hostile sources that went on because they show a credential that did well from there");
    public static final Metric BEHAVIOUR_DELAYS = Metric.counter(
            "sallyport.behaviour.delays",
            "",
            "Requests that had to wait because of conduct, by outcome: waited, or refused because too many did",
            "outcome");
    public static final Metric BEHAVIOUR_WAITING =
            Metric.gauge("sallyport.behaviour.waiting", "", "Requests that wait now because of conduct");
    public static final Metric BEHAVIOUR_WORDS = Metric.gauge(
            "sallyport.behaviour.words",
            "",
            "Words in use to remember conduct, about; two or more for each key",
            "kind");
    public static final Metric BEHAVIOUR_OVERFLOWED = Metric.counter(
            "sallyport.behaviour.overflowed",
            "",
            "Signals that were counted together because there was no room for their keys",
            "kind");
    public static final Metric BEHAVIOUR_ACQUAINTANCES = Metric.gauge(
            "sallyport.behaviour.acquaintances",
            "",
            "Callers, networks and credentials known to have done well, and tokens by where they were shown, about");
    public static final Metric BEHAVIOUR_FAILURE_SHARE = Metric.gauge(
            "sallyport.behaviour.failure_share",
            "",
            "The part of all attempts to authenticate, 0 to 1, that failed in the last minutes");
    public static final Metric BEHAVIOUR_SIEGE = Metric.gauge(
            "sallyport.behaviour.siege",
            "",
            "1 while so many attempts fail that somebody must be trying credentials out");
    public static final Metric BEHAVIOUR_SHARED = Metric.gauge(
            "sallyport.behaviour.shared",
            "",
            "Bans, refusals and pardons in the shared store that hold now, by the gateway that made them",
            "by");
    public static final Metric BEHAVIOUR_UNSHARED = Metric.counter(
            "sallyport.behaviour.unshared",
            "",
            "Bans, refusals and pardons that other gateways were not told of, because there was no room for them");
    public static final Metric BEHAVIOUR_SHARED_AGE = Metric.gauge(
            "sallyport.behaviour.shared_age",
            "s",
            "How long ago this gateway last learnt what the others decided about conduct");

    // Authorization servers.
    public static final Metric INTROSPECTION_TOKENS = Metric.counter(
            "sallyport.introspection.tokens",
            "",
            "Tokens shown, by how it was learnt whether they are good",
            "authenticator",
            "by");
    public static final Metric INTROSPECTION_FAILURES = Metric.counter(
            "sallyport.introspection.failures",
            "",
            "Questions that the authorization server did not answer as it must",
            "authenticator");
    public static final Metric INTROSPECTION_ACTIVE = Metric.gauge(
            "sallyport.introspection.active",
            "",
            "Questions to the authorization server that are open now",
            "authenticator");
    public static final Metric INTROSPECTION_PAUSED = Metric.gauge(
            "sallyport.introspection.paused",
            "",
            "1 while the authorization server is not asked because it failed",
            "authenticator");

    public static final Metric INTROSPECTION_DURATION = Metric.histogram(
            "sallyport.introspection.duration",
            "s",
            "Time that the authorization server took to answer about a token, or not to",
            "authenticator");

    // Responders of certificates.
    public static final Metric OCSP_CERTIFICATES = Metric.counter(
            "sallyport.ocsp.certificates",
            "",
            "Client certificates shown, by how it was learnt whether they are revoked: remembered, asked, joined, refused",
            "authenticator",
            "by");
    public static final Metric OCSP_FAILURES = Metric.counter(
            "sallyport.ocsp.failures", "", "Questions that the responder did not answer as it must", "authenticator");
    public static final Metric OCSP_ACTIVE =
            Metric.gauge("sallyport.ocsp.active", "", "Questions to the responder that are open now", "authenticator");
    public static final Metric OCSP_PAUSED = Metric.gauge(
            "sallyport.ocsp.paused", "", "1 while the responder is not asked because it failed", "authenticator");
    public static final Metric OCSP_DURATION = Metric.histogram(
            "sallyport.ocsp.duration",
            "s",
            "Time that the responder took to answer about a certificate and its issuers, or not to",
            "authenticator");

    // Policy servers.
    public static final Metric AUTHORIZER_DECISIONS = Metric.counter(
            "sallyport.authorizer.decisions",
            "",
            "What policy servers decided, by outcome: allowed, denied, undecided",
            "authorizer",
            "outcome");
    public static final Metric AUTHORIZER_QUESTIONS = Metric.counter(
            "sallyport.authorizer.questions",
            "",
            "Decisions, by how they were come by: asked, joined to a question under way, remembered, refused",
            "authorizer",
            "by");
    public static final Metric AUTHORIZER_FAILURES = Metric.counter(
            "sallyport.authorizer.failures",
            "",
            "Questions that the policy server did not answer as it must",
            "authorizer");
    public static final Metric AUTHORIZER_DURATION = Metric.histogram(
            "sallyport.authorizer.duration",
            "s",
            "Time that the policy server took to answer, or not to",
            "authorizer");
    public static final Metric AUTHORIZER_ACTIVE = Metric.gauge(
            "sallyport.authorizer.active", "", "Questions to the policy server that are open now", "authorizer");
    public static final Metric AUTHORIZER_PAUSED = Metric.gauge(
            "sallyport.authorizer.paused",
            "",
            "1 while the policy server is not asked because it failed",
            "authorizer");

    public static final Metric TOKEN_EXCHANGE_TOKENS = Metric.counter(
            "sallyport.token_exchange.tokens",
            "",
            "Callers' tokens, by how it was learnt what they are exchanged for: remembered, asked, joined, refused",
            "upstream",
            "by");
    public static final Metric TOKEN_EXCHANGE_ANSWERS = Metric.counter(
            "sallyport.token_exchange.answers",
            "",
            "What the authorization server made of tokens: issued another, denied it, or failed",
            "upstream",
            "outcome");
    public static final Metric TOKEN_EXCHANGE_DURATION = Metric.histogram(
            "sallyport.token_exchange.duration",
            "s",
            "Time that the authorization server took to exchange a token, or not to",
            "upstream");
    public static final Metric TOKEN_EXCHANGE_ACTIVE =
            Metric.gauge("sallyport.token_exchange.active", "", "Tokens being exchanged now", "upstream");
    public static final Metric TOKEN_EXCHANGE_PAUSED = Metric.gauge(
            "sallyport.token_exchange.paused",
            "",
            "1 while the authorization server is not asked because it failed",
            "upstream");

    // Connections and event loops.
    public static final Metric CONNECTIONS =
            Metric.gauge("sallyport.connections", "", "Client connections open now", "listener");
    public static final Metric CONNECTIONS_ACCEPTED =
            Metric.counter("sallyport.connections.accepted", "", "Client connections accepted", "listener");
    public static final Metric CONNECTIONS_REFUSED = Metric.counter(
            "sallyport.connections.refused", "", "Client connections closed at once, by reason", "listener", "reason");
    public static final Metric LOOP_LAG =
            Metric.gauge("sallyport.loop.lag", "s", "How late the event loop's last tick was", "loop");
    public static final Metric LOOP_LAG_MAX =
            Metric.gauge("sallyport.loop.lag.max", "s", "How late the event loop's latest tick ever was", "loop");

    // HTTP/2.
    public static final Metric HTTP2_STREAMS =
            Metric.counter("sallyport.http2.streams", "", "HTTP/2 streams opened, by side", "loop", "side");
    public static final Metric HTTP2_RESETS = Metric.counter(
            "sallyport.http2.resets", "", "HTTP/2 streams ended by RST_STREAM", "loop", "side", "direction");
    public static final Metric HTTP2_GOAWAYS = Metric.counter(
            "sallyport.http2.goaways",
            "",
            "HTTP/2 connections that the gateway ended, by reason; enhance_your_calm are floods",
            "loop",
            "side",
            "reason");

    // Upstream connections.
    public static final Metric UPSTREAM_CONNECTIONS = Metric.gauge(
            "sallyport.upstream.connections",
            "",
            "Connections to an upstream's endpoint",
            "upstream",
            "endpoint",
            "state");
    public static final Metric UPSTREAM_IN_FLIGHT = Metric.gauge(
            "sallyport.upstream.in_flight", "", "Requests an endpoint is serving now", "upstream", "endpoint");
    public static final Metric UPSTREAM_CONNECT_FAILURES = Metric.counter(
            "sallyport.upstream.connect.failures", "", "Connections that could not be made", "upstream", "endpoint");

    // TLS.
    public static final Metric TLS_HANDSHAKES_OPEN = Metric.gauge(
            "sallyport.tls.handshakes.open", "", "TLS handshakes with clients that are not over", "listener");
    public static final Metric TLS_HANDSHAKES = Metric.counter(
            "sallyport.tls.handshakes",
            "",
            "TLS handshakes with clients that ended, by outcome (completed, or why not) and version",
            "listener",
            "outcome",
            "tls.protocol.version");
    public static final Metric TLS_CERTIFICATE_EXPIRY = Metric.gauge(
            "sallyport.tls.certificate.expiry",
            "s",
            "When a certificate or one of its issuers expires, in seconds since 1970",
            "listener",
            "certificate");

    // Configuration.
    public static final Metric CONFIG_RELOADS =
            Metric.counter("sallyport.config.reloads", "", "Attempts to load a configuration, by outcome", "outcome");
    public static final Metric CONFIG_LAST_SUCCESS = Metric.gauge(
            "sallyport.config.last_success", "s", "When the configuration in use was loaded, in seconds since 1970");
    public static final Metric CONFIG_LAST_SUCCESSFUL = Metric.gauge(
            "sallyport.config.last_reload_successful", "", "1 when the latest attempt to load succeeded, else 0");
    public static final Metric CONFIG_AGE =
            Metric.gauge("sallyport.config.age", "s", "Age of the configuration in use");
    public static final Metric CONFIG_INFO = Metric.info("sallyport.config", "The configuration in use", "version");
    public static final Metric BUILD_INFO =
            Metric.info("sallyport.build", "What is running", "version", "java", "transport");

    // Keys.
    public static final Metric SIGNING_KEY_AGE =
            Metric.gauge("sallyport.signing_key.age", "s", "Time since the gateway's own signing key began to sign");

    // Tokens and the keys they are verified with.
    public static final Metric KEY_SET_KEYS = Metric.gauge(
            "sallyport.key_set.keys", "", "Keys that tokens can be verified with, by authenticator", "authenticator");
    public static final Metric KEY_SET_AGE = Metric.gauge(
            "sallyport.key_set.age", "s", "Time since an issuer's keys were last fetched or read", "authenticator");
    public static final Metric KEY_SET_EXPIRY = Metric.gauge(
            "sallyport.key_set.expiry",
            "s",
            "When an issuer's keys count no more unless newer ones are fetched, in seconds since 1970",
            "authenticator");
    public static final Metric KEY_SET_FETCHES = Metric.counter(
            "sallyport.key_set.fetches", "", "Fetches of an issuer's keys, by outcome", "authenticator", "outcome");
    public static final Metric TOKENS = Metric.counter(
            "sallyport.tokens",
            "",
            "Tokens shown, by what became of them: remembered, verified, refused, busy",
            "authenticator",
            "outcome");
    public static final Metric TOKENS_REMEMBERED = Metric.gauge(
            "sallyport.tokens.remembered", "", "Places of the memory of verified tokens in use", "authenticator");

    // Logins of browsers.
    public static final Metric LOGINS = Metric.counter(
            "sallyport.logins", "", "Logins of browsers, by how far they came", "authenticator", "outcome");
    public static final Metric SESSION_REFRESHES = Metric.counter(
            "sallyport.session.refreshes",
            "",
            "Sessions renewed at their provider, by outcome",
            "authenticator",
            "outcome");

    // Discovery.
    public static final Metric DISCOVERY_LOOKUPS = Metric.counter(
            "sallyport.discovery.lookups", "", "Rounds of name look-ups, by outcome", "upstream", "outcome");
    public static final Metric DISCOVERY_AGE =
            Metric.gauge("sallyport.discovery.age", "s", "Time since every name of the upstream was found", "upstream");

    // Revocation.
    public static final Metric REVOCATION_ENTRIES =
            Metric.gauge("sallyport.revocation.entries", "", "Revocations in use, by source", "source");
    public static final Metric REVOCATION_AGE = Metric.gauge(
            "sallyport.revocation.age", "s", "Time since everything that says what is revoked was last read");
    public static final Metric REVOCATION_FOUND = Metric.counter(
            "sallyport.revocation.found",
            "",
            "Times that a credential was found to be revoked, at admission or while a response went on");

    // Shared state.
    public static final Metric STATE_COMMANDS = Metric.counter(
            "sallyport.state.commands",
            "",
            "Commands for the store of shared state, by outcome: ok, error, slow, forged, forgot, or refused, when it"
                    + " was not asked",
            "outcome");
    public static final Metric STATE_DURATION = Metric.histogram(
            "sallyport.state.duration", "s", "Time that the store of shared state took to answer, or not to");
    public static final Metric STATE_UP =
            Metric.gauge("sallyport.state.up", "", "1 while the store of shared state can be asked, else 0");
    public static final Metric STATE_PAUSED = Metric.gauge(
            "sallyport.state.paused",
            "",
            "1 while a connected store of shared state is not asked because it failed to answer");
    public static final Metric STATE_ACTIVE =
            Metric.gauge("sallyport.state.active", "", "Commands for the store of shared state that are open now");
    public static final Metric STATE_COMPLETE_SINCE = Metric.gauge(
            "sallyport.state.complete_since",
            "s",
            "Since when the store of shared state has forgotten no mark, in seconds since 1970");

    // Admin listener.
    public static final Metric ADMIN_REFUSED =
            Metric.counter("sallyport.admin.refused", "", "Requests the admin listener refused, by reason", "reason");

    // Access log.
    public static final Metric ACCESS_LOG_LINES =
            Metric.counter("sallyport.access_log.lines", "", "Access log lines handed to their destination", "to");
    public static final Metric ACCESS_LOG_DROPPED = Metric.counter(
            "sallyport.access_log.dropped", "", "Access log lines lost, by destination and reason", "to", "reason");
    public static final Metric ACCESS_LOG_LEFT_OUT = Metric.counter(
            "sallyport.access_log.left_out",
            "",
            "Refusals by limits that were too many of a kind for lines of their own");
    public static final Metric ACCESS_LOG_WRITE_ERRORS =
            Metric.counter("sallyport.access_log.write_errors", "", "Failed attempts to write access log lines", "to");
    public static final Metric ACCESS_LOG_SAMPLED_OUT = Metric.counter(
            "sallyport.access_log.sampled_out", "", "Requests without a line because of the access log's sampling");
    public static final Metric ACCESS_LOG_DISK_USED = Metric.gauge(
            "sallyport.access_log.disk_used", "", "Which part of the disk that a log file is on is used, 0 to 1", "to");
    public static final Metric ACCESS_LOG_DISK_FREE = Metric.gauge(
            "sallyport.access_log.disk_free", "By", "What a log file may still take of the disk that it is on", "to");
    public static final Metric PAYLOAD_HELD =
            Metric.gauge("sallyport.payload.held", "By", "Memory for bodies that are to be logged");
    public static final Metric PAYLOAD_WITHOUT_ROOM = Metric.counter(
            "sallyport.payload.without_room", "", "Bodies that were cut because there was no memory left for them");

    // Audit log.
    public static final Metric AUDIT_LOG_ENTRIES =
            Metric.counter("sallyport.audit_log.entries", "", "Audit log entries that are on the disk");
    public static final Metric AUDIT_LOG_COUNTED = Metric.counter(
            "sallyport.audit_log.counted", "", "Refusals that are in the audit log as one of a number of like ones");
    public static final Metric AUDIT_LOG_DROPPED =
            Metric.counter("sallyport.audit_log.dropped", "", "Audit log entries lost, by reason", "reason");
    public static final Metric AUDIT_LOG_WRITE_ERRORS =
            Metric.counter("sallyport.audit_log.write_errors", "", "Failed attempts to write audit log entries");
    public static final Metric AUDIT_LOG_FAILING = Metric.gauge(
            "sallyport.audit_log.failing",
            "",
            "1 while the audit log cannot be written and nothing is recorded, else 0");
    public static final Metric AUDIT_LOG_SEQUENCE =
            Metric.gauge("sallyport.audit_log.sequence", "", "The number of the last audit log entry on the disk");

    // Stores of credentials: API keys, users.
    public static final Metric CREDENTIAL_STORE_ENTRIES = Metric.gauge(
            "sallyport.credential_store.entries", "", "Credentials known, disabled ones included", "authenticator");
    public static final Metric CREDENTIAL_STORE_FAILURES = Metric.counter(
            "sallyport.credential_store.failures",
            "",
            "Attempts to read stored credentials that failed; the last good ones stay in use",
            "authenticator");
    public static final Metric CREDENTIAL_STORE_AGE = Metric.gauge(
            "sallyport.credential_store.age",
            "s",
            "Time since stored credentials were last known to be up to date",
            "authenticator");

    // Alerts.
    public static final Metric ALERTS =
            Metric.gauge("sallyport.alerts", "", "Alerts by rule and state: pending or firing", "alert", "state");
    public static final Metric ALERT_SOURCES_OVERFLOWED = Metric.counter(
            "sallyport.alert.sources_overflowed",
            "",
            "Times that a network or caller that was refused found no room to be counted by itself");
    public static final Metric NOTIFICATIONS = Metric.counter(
            "sallyport.notifications",
            "",
            "Notifications of alerts, by who was to be told and outcome: delivered, failed, dropped",
            "notifier",
            "outcome");
    public static final Metric NOTIFICATIONS_WAITING =
            Metric.gauge("sallyport.notifications.waiting", "", "Notifications that wait for their turn", "notifier");

    // Traces and OTLP.
    public static final Metric TRACES = Metric.counter(
            "sallyport.traces",
            "",
            "Requests told as traces, sampled or in trouble, and those that were not: over-limit in trouble beyond what"
                    + " may be told, dropped because too much waited",
            "outcome");
    public static final Metric OTLP_EXPORTED = Metric.counter(
            "sallyport.otlp.exported", "", "Spans, log records and metrics that a collector has taken", "signal");
    public static final Metric OTLP_DROPPED = Metric.counter(
            "sallyport.otlp.dropped",
            "",
            "Spans, log records and metrics that no collector has, by reason: queue-full, undelivered, refused, rejected,"
                    + " unencodable",
            "signal",
            "reason");
    public static final Metric OTLP_FAILURES =
            Metric.counter("sallyport.otlp.failures", "", "Attempts to reach a collector that failed", "signal");
    public static final Metric OTLP_WAITING = Metric.gauge(
            "sallyport.otlp.waiting", "", "Spans, log records and metrics that wait for a collector", "signal");

    // Process and JVM.
    public static final Metric JVM_MEMORY_USED =
            Metric.gauge("jvm.memory.used", "By", "Memory in use", "jvm.memory.type");
    public static final Metric JVM_MEMORY_COMMITTED =
            Metric.gauge("jvm.memory.committed", "By", "Memory reserved for use", "jvm.memory.type");
    public static final Metric JVM_MEMORY_LIMIT =
            Metric.gauge("jvm.memory.limit", "By", "Most memory that can be used", "jvm.memory.type");
    public static final Metric JVM_MEMORY_KEPT = Metric.gauge(
            "jvm.memory.used_after_last_gc",
            "By",
            "Memory of the heap that was in use after garbage was last collected",
            "jvm.memory.pool.name");
    public static final Metric JVM_BUFFER_MEMORY_USED =
            Metric.gauge("jvm.buffer.memory.used", "By", "Memory of buffers outside the heap", "jvm.buffer.pool.name");
    public static final Metric JVM_GC_TIME =
            Metric.counter("jvm.gc.time", "s", "Time spent collecting garbage", "jvm.gc.name");
    public static final Metric JVM_GC_COLLECTIONS =
            Metric.counter("jvm.gc.collections", "", "Garbage collections", "jvm.gc.name");
    public static final Metric JVM_THREADS = Metric.gauge("jvm.thread.count", "", "Platform threads");
    public static final Metric JVM_CLASSES = Metric.gauge("jvm.class.count", "", "Classes loaded");
    public static final Metric PROCESS_CPU_TIME =
            Metric.counter("process.cpu.time", "s", "Processor time used, user and system");
    public static final Metric PROCESS_OPEN_FILES =
            Metric.gauge("process.open_file_descriptor.count", "", "File descriptors open now");
    public static final Metric PROCESS_MAX_FILES =
            Metric.gauge("process.open_file_descriptor.limit", "", "Most file descriptors that can be open");
    public static final Metric PROCESS_UPTIME = Metric.gauge("process.uptime", "s", "Time since the process began");

    /// Every constant of this class, in order of declaration.
    public static List<Metric> all() {
        return Arrays.stream(Metrics.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Metric.class)
                .map(field -> {
                    try {
                        return (Metric) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }
}
