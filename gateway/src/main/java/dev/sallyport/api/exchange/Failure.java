package dev.sallyport.api.exchange;

/// How an exchange that was let in went wrong later, with the stable code that log and metrics carry as
/// `error.type`.
public enum Failure {
    /// The client closed or reset before the response was complete.
    CLIENT_CLOSED("client-closed"),
    /// The client sent a body that breaks its framing.
    REQUEST_MALFORMED("request-malformed"),
    /// The client sent its body slower than the listener allows, or not at all.
    REQUEST_TIMEOUT("request-timeout"),
    REQUEST_TOO_LARGE("request-too-large"),
    /// The client reads slower than the listener allows.
    RESPONSE_STALLED("response-stalled"),
    NO_ENDPOINT("upstream-no-endpoint"),
    POOL_FULL("upstream-pool-full"),
    CONNECT_FAILED("upstream-connect-failed"),
    CONNECT_TIMEOUT("upstream-connect-timeout"),
    TLS_FAILED("upstream-tls-failed"),
    RESPONSE_HEAD_TIMEOUT("upstream-response-timeout"),
    IDLE_TIMEOUT("upstream-idle-timeout"),
    TOTAL_TIMEOUT("upstream-total-timeout"),
    /// The upstream closed or reset before the head of its response.
    RESET_BEFORE_RESPONSE("upstream-reset"),
    /// The upstream closed or reset in the middle of its response.
    RESPONSE_TRUNCATED("upstream-truncated"),
    RESPONSE_MALFORMED("upstream-malformed"),
    /// What let the caller in ended while the exchange lasted: revoked or past its time.
    ACCESS_ENDED("access-ended"),
    /// The gateway stops and the drain deadline has passed.
    DRAINED("gateway-drained"),
    INTERNAL("internal");

    private final String code;

    Failure(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}
