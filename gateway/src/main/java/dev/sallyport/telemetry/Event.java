package dev.sallyport.telemetry;

/// Every kind of line the [EventLog] writes, with its severity; one constant here per event.
public enum Event {
    STARTING(Severity.INFO, "start.begun"),
    STARTED(Severity.INFO, "start.done", true),
    LISTENER_BOUND(Severity.INFO, "listener.bound", true),
    LISTENER_CLOSED(Severity.INFO, "listener.closed", true),
    ADMIN_BOUND(Severity.INFO, "admin.bound", true),
    /// Somebody guesses at the admin token; told once a minute.
    ADMIN_FAILURES(Severity.WARN, "admin.failures", true),
    CONFIG_LOADED(Severity.INFO, "config.loaded", true),
    CONFIG_UNCHANGED(Severity.INFO, "config.unchanged", true),
    CONFIG_REFUSED(Severity.ERROR, "config.refused", true),
    CONFIG_WARNING(Severity.WARN, "config.warning"),
    AUTHENTICATOR_NOT_READY(Severity.WARN, "authenticator.not_ready"),
    /// A policy server cannot be asked yet: requests that need it are refused until it can.
    AUTHORIZER_NOT_READY(Severity.WARN, "authorizer.not_ready"),
    /// A policy server failed several times in a row and is given up for a time: requests that need it are
    /// refused.
    AUTHORIZER_FAILING(Severity.WARN, "authorizer.failing"),
    AUTHORIZER_RECOVERED(Severity.INFO, "authorizer.recovered"),
    REVOKED(Severity.INFO, "revocation.made", true),
    REVOCATION_UNDONE(Severity.INFO, "revocation.undone", true),
    REVOCATIONS_CHANGED(Severity.INFO, "revocation.changed", true),
    REVOCATION_UNREADABLE(Severity.ERROR, "revocation.unreadable", true),
    REVOCATION_READABLE(Severity.INFO, "revocation.readable", true),
    /// What is revoked could not be learnt for too long: callers are refused until it can.
    REVOCATION_UNKNOWN(Severity.ERROR, "revocation.unknown", true),
    STATE_UP(Severity.INFO, "state.up", true),
    /// The store of shared state cannot be asked: what needs it for security is refused until it can.
    STATE_DOWN(Severity.ERROR, "state.down", true),
    /// The store answered with an error.
    STATE_FAILING(Severity.WARN, "state.failing"),
    /// The store may have lost marks: what may have been used before this moment is not taken again.
    STATE_FORGOT(Severity.WARN, "state.forgot", true),
    /// A value in the store was not put there by a gateway with the same key.
    STATE_FORGED(Severity.ERROR, "state.forged", true),
    /// The gateway serves, and is not ready, until the store answers.
    STATE_NOT_READY(Severity.WARN, "state.not_ready"),
    /// Limits that gateways share are decided without their store, each by its `when-down`.
    LIMITS_ALONE(Severity.WARN, "limits.alone"),
    LIMITS_TOGETHER(Severity.INFO, "limits.together"),
    SIGNING_KEYS_OPENED(Severity.INFO, "signing_keys.opened", true),
    SIGNING_KEY_ADDED(Severity.INFO, "signing_keys.added", true),
    SIGNING_KEYS_NOT_STORED(Severity.ERROR, "signing_keys.not_stored", true),
    /// An authorization server that is asked about tokens failed several times in a row, and is given up for a
    /// time.
    AUTHORIZATION_SERVER_FAILING(Severity.WARN, "authorization_server.failing"),
    AUTHORIZATION_SERVER_RECOVERED(Severity.INFO, "authorization_server.recovered"),
    /// A responder that is asked which certificates are revoked failed several times in a row, and is given up
    /// for a time.
    OCSP_RESPONDER_FAILING(Severity.WARN, "ocsp_responder.failing"),
    OCSP_RESPONDER_RECOVERED(Severity.INFO, "ocsp_responder.recovered"),
    LOGIN_FAILED(Severity.WARN, "login.failed", true),
    SESSION_ENDED(Severity.INFO, "session.ended", true),
    KEYS_LOADED(Severity.INFO, "keys.loaded"),
    KEYS_FAILED(Severity.WARN, "keys.failed"),
    KEYS_EXPIRED(Severity.ERROR, "keys.expired", true),
    KEY_SKIPPED(Severity.WARN, "keys.skipped"),
    VERIFICATION_BY(Severity.INFO, "verification.by"),
    /// Somebody has a refresh token that was used before: it was stolen, from whoever used it first or second.
    REFRESH_TOKEN_REUSED(Severity.WARN, "token_service.refresh_token_reused", true),
    REFRESH_TOKENS_NOT_STORED(Severity.ERROR, "token_service.not_stored"),
    /// A token that should have been taken back counts until it ends; its client was told so.
    TOKEN_NOT_REVOKED(Severity.ERROR, "token_service.not_revoked", true),
    CREDENTIAL_STORE_LOADED(Severity.INFO, "credential_store.loaded", true),
    CREDENTIAL_STORE_FAILED(Severity.ERROR, "credential_store.failed", true),
    DISCOVERY_CHANGED(Severity.INFO, "discovery.changed"),
    DISCOVERY_FAILED(Severity.WARN, "discovery.failed"),
    ACCESS_LOG_FAILING(Severity.ERROR, "access_log.failing"),
    ACCESS_LOG_RECOVERED(Severity.INFO, "access_log.recovered"),
    AUDIT_LOG_OPENED(Severity.INFO, "audit_log.opened"),
    AUDIT_LOG_CLOSED(Severity.INFO, "audit_log.closed"),
    AUDIT_LOG_FAILING(Severity.ERROR, "audit_log.failing"),
    AUDIT_LOG_RECOVERED(Severity.INFO, "audit_log.recovered"),
    /// A line that was being written when the process or the machine stopped.
    AUDIT_LOG_CUT(Severity.WARN, "audit_log.cut"),
    /// The file is not as this gateway left it.
    AUDIT_LOG_DAMAGED(Severity.ERROR, "audit_log.damaged"),
    AUDIT_LOG_LOST(Severity.ERROR, "audit_log.lost"),
    /// Requests are refused because there is too much to do.
    OVERLOAD_BEGUN(Severity.WARN, "overload.begun"),
    OVERLOAD_OVER(Severity.INFO, "overload.over"),
    /// Somebody is refused because of its conduct.
    BEHAVIOUR_HOSTILE(Severity.WARN, "behaviour.hostile", true),
    BEHAVIOUR_SUSPICIOUS(Severity.INFO, "behaviour.suspicious"),
    /// Somebody tries out credentials.
    BEHAVIOUR_SIEGE(Severity.WARN, "behaviour.siege", true),
    BEHAVIOUR_SIEGE_OVER(Severity.INFO, "behaviour.siege_over", true),
    /// An operator did so.
    BEHAVIOUR_BANNED(Severity.INFO, "behaviour.banned", true),
    BEHAVIOUR_PARDONED(Severity.INFO, "behaviour.pardoned", true),
    /// A rule of `observe.alerts` is broken, and was for as long as it says.
    ALERT_FIRING(Severity.WARN, "alert.firing"),
    ALERT_RESOLVED(Severity.INFO, "alert.resolved"),
    ALERT_SILENCED(Severity.INFO, "alert.silenced", true),
    /// Somebody who was to be told of an alert was not, though it was tried several times.
    NOTIFIER_FAILING(Severity.ERROR, "notifier.failing"),
    NOTIFIER_RECOVERED(Severity.INFO, "notifier.recovered"),
    /// An OpenTelemetry collector takes nothing, or not for now; what it misses is counted.
    OTLP_FAILING(Severity.ERROR, "otlp.failing"),
    OTLP_RECOVERED(Severity.INFO, "otlp.recovered"),
    /// A collector took a message but not all that was in it.
    OTLP_REJECTED(Severity.WARN, "otlp.rejected"),
    DRAINING(Severity.INFO, "drain.begun", true),
    DRAINED(Severity.INFO, "drain.done", true),
    DRAIN_DEADLINE(Severity.WARN, "drain.deadline", true),
    STOPPED(Severity.INFO, "stop.done"),
    /// What a library has to say.
    LIBRARY(Severity.WARN, "library"),
    /// A bug of ours.
    INTERNAL_ERROR(Severity.ERROR, "internal.error");

    private final Severity severity;
    private final String code;
    private final boolean audited;

    Event(Severity severity, String code) {
        this(severity, code, false);
    }

    Event(Severity severity, String code, boolean audited) {
        this.severity = severity;
        this.code = code;
        this.audited = audited;
    }

    public Severity severity() {
        return severity;
    }

    /// Its stable name in the log.
    public String code() {
        return code;
    }

    /// Whether it belongs in the audit log too: it changes who is let in, or when the gateway serves.
    public boolean audited() {
        return audited;
    }

    /// How much an event matters.
    public enum Severity {
        INFO,
        WARN,
        ERROR
    }
}
