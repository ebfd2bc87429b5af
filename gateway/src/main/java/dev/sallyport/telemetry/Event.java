package dev.sallyport.telemetry;

/// Every kind of line the [EventLog] writes, with its severity; one constant here per event.
public enum Event {
    STARTING(Severity.INFO, "start.begun"),
    STARTED(Severity.INFO, "start.done"),
    LISTENER_BOUND(Severity.INFO, "listener.bound"),
    LISTENER_CLOSED(Severity.INFO, "listener.closed"),
    ADMIN_BOUND(Severity.INFO, "admin.bound"),
    CONFIG_LOADED(Severity.INFO, "config.loaded"),
    CONFIG_UNCHANGED(Severity.INFO, "config.unchanged"),
    CONFIG_REFUSED(Severity.ERROR, "config.refused"),
    CONFIG_WARNING(Severity.WARN, "config.warning"),
    AUTHENTICATOR_NOT_READY(Severity.WARN, "authenticator.not_ready"),
    /// A policy server cannot be asked yet: requests that need it are refused until it can.
    AUTHORIZER_NOT_READY(Severity.WARN, "authorizer.not_ready"),
    REVOKED(Severity.INFO, "revocation.made"),
    REVOCATION_UNDONE(Severity.INFO, "revocation.undone"),
    REVOCATIONS_CHANGED(Severity.INFO, "revocation.changed"),
    REVOCATION_UNREADABLE(Severity.ERROR, "revocation.unreadable"),
    REVOCATION_READABLE(Severity.INFO, "revocation.readable"),
    /// What is revoked could not be learnt for too long: callers are refused until it can.
    REVOCATION_UNKNOWN(Severity.ERROR, "revocation.unknown"),
    SIGNING_KEYS_OPENED(Severity.INFO, "signing_keys.opened"),
    SIGNING_KEY_ADDED(Severity.INFO, "signing_keys.added"),
    SIGNING_KEYS_NOT_STORED(Severity.ERROR, "signing_keys.not_stored"),
    /// An authorization server that is asked about tokens failed several times in a row, and is given up for a time.
    AUTHORIZATION_SERVER_FAILING(Severity.WARN, "authorization_server.failing"),
    AUTHORIZATION_SERVER_RECOVERED(Severity.INFO, "authorization_server.recovered"),
    LOGIN_FAILED(Severity.WARN, "login.failed"),
    SESSION_ENDED(Severity.INFO, "session.ended"),
    KEYS_LOADED(Severity.INFO, "keys.loaded"),
    KEYS_FAILED(Severity.WARN, "keys.failed"),
    KEYS_EXPIRED(Severity.ERROR, "keys.expired"),
    KEY_SKIPPED(Severity.WARN, "keys.skipped"),
    VERIFICATION_BY(Severity.INFO, "verification.by"),
    /// Somebody has a refresh token that was used before: it was stolen, from whoever used it first or second.
    REFRESH_TOKEN_REUSED(Severity.WARN, "token_service.refresh_token_reused"),
    REFRESH_TOKENS_NOT_STORED(Severity.ERROR, "token_service.not_stored"),
    /// A token that should have been taken back counts until it ends; its client was told so.
    TOKEN_NOT_REVOKED(Severity.ERROR, "token_service.not_revoked"),
    CREDENTIAL_STORE_LOADED(Severity.INFO, "credential_store.loaded"),
    CREDENTIAL_STORE_FAILED(Severity.ERROR, "credential_store.failed"),
    DISCOVERY_CHANGED(Severity.INFO, "discovery.changed"),
    DISCOVERY_FAILED(Severity.WARN, "discovery.failed"),
    ACCESS_LOG_FAILING(Severity.ERROR, "access_log.failing"),
    ACCESS_LOG_RECOVERED(Severity.INFO, "access_log.recovered"),
    DRAINING(Severity.INFO, "drain.begun"),
    DRAINED(Severity.INFO, "drain.done"),
    DRAIN_DEADLINE(Severity.WARN, "drain.deadline"),
    STOPPED(Severity.INFO, "stop.done"),
    /// What a library has to say.
    LIBRARY(Severity.WARN, "library"),
    /// A bug of ours.
    INTERNAL_ERROR(Severity.ERROR, "internal.error");

    private final Severity severity;
    private final String code;

    Event(Severity severity, String code) {
        this.severity = severity;
        this.code = code;
    }

    public Severity severity() {
        return severity;
    }

    /// Its stable name in the log.
    public String code() {
        return code;
    }

    /// How much an event matters.
    public enum Severity {
        INFO,
        WARN,
        ERROR
    }
}
