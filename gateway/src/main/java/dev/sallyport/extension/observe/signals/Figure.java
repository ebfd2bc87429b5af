package dev.sallyport.extension.observe.signals;

/// One number that is kept for each slice of time. Counts of slices add up; of levels the highest remains.
public enum Figure {
    /// Requests answered, refused or failed; of an upstream, those that were sent to it.
    REQUESTS,
    REQUEST_OCTETS,
    RESPONSE_OCTETS,
    /// Failures that are the gateway's own: it could not decide, had no room, stopped, or has a bug.
    FAILED_GATEWAY,
    /// Failures of upstreams: not reachable, too slow, broken off, or answered with a status from 500 on.
    FAILED_UPSTREAM,
    /// Requests that their client gave up or sent badly.
    ABANDONED,
    /// Refused with 401: who calls was not proven.
    UNAUTHENTICATED,
    /// Refused with 403, or cut off because what let it in no longer held: proven, but may not.
    DENIED,
    /// Refused with 429 by a limit.
    LIMITED,
    /// Refused with any other status below 500.
    REFUSED_OTHERWISE,
    /// Could not be understood, so that no route had a say.
    MALFORMED,
    /// Answers with a status from 400 to 499, whoever gave them.
    CLIENT_ERRORS,
    /// Endpoints asked, repeated attempts included.
    ATTEMPTS,
    CONNECT_FAILURES,
    CONNECTIONS_ACCEPTED,
    CONNECTIONS_REFUSED,
    /// Lines of the access log, or entries of the audit log, that were lost.
    LOG_LOST,
    /// Failed attempts to write either log.
    LOG_WRITE_ERRORS,
    /// Microseconds that answers below 400 took together.
    SERVED_MICROS,
    /// Microseconds that failures took together.
    FAILED_MICROS,

    IN_FLIGHT(true),
    CONNECTIONS(true),
    CONNECTIONS_IDLE(true),
    HANDSHAKES_OPEN(true),
    /// How late an event loop was, at worst, in microseconds.
    LOOP_LAG_MICROS(true),
    HEAP_USED(true),
    /// What was in use after garbage was last collected: what cannot be given back.
    HEAP_KEPT(true),
    HEAP_LIMIT(true),
    DIRECT_USED(true),
    FILES_OPEN(true),
    FILES_LIMIT(true),
    /// How full the fullest disk is that the access log goes to, in thousandths.
    LOG_DISK_THOUSANDTHS(true);

    private final boolean level;

    Figure() {
        this(false);
    }

    Figure(boolean level) {
        this.level = level;
    }

    /// Whether it is a level rather than a count.
    public boolean level() {
        return level;
    }
}
