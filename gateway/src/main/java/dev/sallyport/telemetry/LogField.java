package dev.sallyport.telemetry;

/// Every field of an access log line, with its name in OpenTelemetry's and in Elastic's vocabulary.
///
/// Fields are written in this order; one that does not apply to a request is left out.
public enum LogField {
    TIMESTAMP("timestamp", "@timestamp", "When the whole request head was there (RFC 3339, UTC, milliseconds)."),
    SEVERITY(
            "severity",
            "log.level",
            "`INFO` for what was served, `WARN` for what was refused, malformed or left by the client, `ERROR` for the"
                    + " rest of the failures and for every status from 500 on."),
    CLIENT_ADDRESS(
            "client.address", "source.ip", "The client's address: the peer's, or what a trusted proxy says of it."),
    CLIENT_PORT("client.port", "source.port", "The client's port; left out when a trusted proxy stands between."),
    CLIENT_NETWORK(
            "gateway.client.network",
            "gateway.client.network",
            "The network that the client's address is in, as alerts group it: a /24 of IPv4, a /48 of IPv6."),
    PEER_ADDRESS("network.peer.address", "client.ip", "The trusted proxy's address; left out when there is none."),
    PROTOCOL_VERSION("network.protocol.version", "http.version", "`1.0`, `1.1` or `2`."),
    TLS_VERSION("tls.protocol.version", "tls.version", "`1.2` or `1.3`; left out without TLS."),
    METHOD("http.request.method", "http.request.method", "The method."),
    SCHEME("url.scheme", "url.scheme", "`http` or `https`."),
    SERVER_ADDRESS("server.address", "url.domain", "The host the client asked for, canonical."),
    SERVER_PORT("server.port", "url.port", "The port the client asked for; left out when it named none."),
    PATH("url.path", "url.path", "The canonical path, which routes and rules were applied to."),
    QUERY("url.query", "url.query", "The query as received, without the values of secret parameters."),
    ROUTE_PATH("http.route", "http.route", "The path template of the route."),
    STATUS("http.response.status_code", "http.response.status_code", "The status the client got; left out if none."),
    REQUEST_BYTES("http.request.body.size", "http.request.body.bytes", "Octets of request body received."),
    RESPONSE_BYTES("http.response.body.size", "http.response.body.bytes", "Octets of response body sent."),
    USER_AGENT("user_agent.original", "user_agent.original", "What the client calls itself."),
    TRACE_ID("trace_id", "trace.id", "W3C trace id."),
    SPAN_ID("span_id", "span.id", "This gateway's span in the trace."),
    REQUEST_ID("http.request.id", "http.request.id", "What `X-Request-Id` says to the upstream and to the client."),
    ERROR_TYPE("error.type", "error.code", "The reason, for failures and refusals from status 500 on."),
    DURATION(
            "gateway.duration_ms",
            "event.duration",
            "From the whole request head to the last byte of the response; milliseconds (`otel`), nanoseconds (`ecs`)."),
    OUTCOME("", "event.outcome", "`success` or `failure`."),
    LISTENER("gateway.listener", "gateway.listener", "The listener the request came to."),
    ROUTE("gateway.route", "gateway.route", "The name of the route."),
    DECISION(
            "gateway.decision",
            "gateway.decision",
            "`allowed`, `refused`, `failed` (let in, went wrong later) or `malformed` (could not be understood)."),
    REASON("gateway.reason", "gateway.reason", "Why it was refused, failed or malformed: a stable code."),
    RULE(
            "gateway.rule",
            "gateway.rule",
            "The access rule that decided: that let it in, or that refused it, such as `require orders:write` or"
                    + " `deny[0]`."),
    SHADOW_RULE(
            "gateway.shadow_rule",
            "gateway.shadow_rule",
            "The first access rule in shadow mode that would have refused it; left out when none would."),
    LIMIT("gateway.limit", "gateway.limit", "The limit that refused it; left out when none did."),
    SHADOW_LIMIT(
            "gateway.shadow_limit",
            "gateway.shadow_limit",
            "The first limit in shadow mode that would have refused it; left out when none would."),
    OVERLOAD(
            "gateway.overload",
            "gateway.overload",
            "What there was too much of, so that it was refused: `concurrency` or `fair-share` at an upstream, `requests`,"
                    + " `loop-lag` or `memory` in the gateway; left out when it was not."),
    BEHAVIOUR_LEVEL(
            "gateway.behaviour.level",
            "gateway.behaviour.level",
            "What is thought of its source and caller because of their conduct: `trusted`, `suspicious` or `hostile`; left"
                    + " out when nothing speaks for or against them."),
    BEHAVIOUR_SCORE(
            "gateway.behaviour.score",
            "gateway.behaviour.score",
            "What speaks against them, rounded up; left out for nothing."),
    LEFT_OUT(
            "gateway.left_out",
            "gateway.left_out",
            "How many refusals by the same limit, for overload or because of conduct, had no line of their own since its last one, because there were more than"
                    + " ten in a second; left out for none."),
    SAMPLED_OUT(
            "gateway.sampled_out",
            "gateway.sampled_out",
            "How many requests had no line because of `sample`, since the last line of the same event loop; left out for none."),
    LIMITS(
            "gateway.limits",
            "gateway.limits",
            "How the caller stood with each limit that counted the request: a list of objects with `limit`, `remaining` and"
                    + " `of`."),
    PRINCIPAL("user.id", "user.id", "Who calls, where that was proven."),
    ROLES(
            "user.roles",
            "user.roles",
            "The caller's roles as its credential states them, without what grants and other roles add; left out when there"
                    + " are none, cut after 1024 characters."),
    AUTHENTICATOR("gateway.authenticator", "gateway.authenticator", "The authenticator that proved who calls."),
    CREDENTIAL_ID(
            "gateway.credential.id",
            "gateway.credential.id",
            "The credential's own name, by which it can be revoked: a token's `jti`, the id of an API key; never the"
                    + " credential itself."),
    UPSTREAM("gateway.upstream", "gateway.upstream", "The upstream asked."),
    UPSTREAM_ADDRESS("gateway.upstream.address", "destination.address", "The endpoint asked last."),
    ATTEMPTS("gateway.attempts", "gateway.attempts", "How many endpoints were asked."),
    UPSTREAM_STATUS("gateway.upstream.status", "gateway.upstream.status", "The status the upstream gave."),
    OVERHEAD(
            "gateway.overhead_ms",
            "gateway.overhead_ms",
            "From the whole request head to the choice of an endpoint, or to the end when there was none."),
    UPSTREAM_DURATION(
            "gateway.upstream.duration_ms",
            "gateway.upstream.duration_ms",
            "From the choice of an endpoint to the head of its response, or to the end when there was none."),
    CONNECT_DURATION(
            "gateway.upstream.connect_ms",
            "gateway.upstream.connect_ms",
            "Of that, until there was a connection to the endpoint asked last: made, or waited for, or taken from those"
                    + " that were open."),
    WAIT_DURATION(
            "gateway.upstream.wait_ms",
            "gateway.upstream.wait_ms",
            "Of that, from the connection to the head of the response."),
    TRANSFER_DURATION(
            "gateway.transfer_ms",
            "gateway.transfer_ms",
            "From the head of the upstream's response to the last byte of it for the client."),
    CONFIG_VERSION("gateway.config", "gateway.config", "The version of the configuration the request was served by."),
    REQUEST_HEADER(
            "http.request.header.NAME",
            "http.request.header.NAME",
            "A chosen request header, as a list of its values."),
    RESPONSE_HEADER(
            "http.response.header.NAME",
            "http.response.header.NAME",
            "A chosen response header, as a list of its values."),
    REQUEST_BODY(
            "gateway.request.body",
            "gateway.request.body",
            "The body received, for routes of `observe.payload`: an object with its media `type`, its `text` when it is"
                    + " readable, `truncated` when there was more than is kept, `encoded` when it is compressed."),
    RESPONSE_BODY("gateway.response.body", "gateway.response.body", "The body sent, likewise.");

    private final String otel;
    private final String ecs;
    private final String meaning;

    LogField(String otel, String ecs, String meaning) {
        this.otel = otel;
        this.ecs = ecs;
        this.meaning = meaning;
    }

    /// Its name in format `otel`; empty when it is not part of it.
    public String otel() {
        return otel;
    }

    /// Its name in format `ecs`; empty when it is not part of it.
    public String ecs() {
        return ecs;
    }

    public String meaning() {
        return meaning;
    }
}
