package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How a client's handshake ended.
enum HandshakeOutcome {
    COMPLETED(0),
    /// Something else than TLS came, such as plain HTTP (threat TL-10).
    NOT_TLS(0),
    MALFORMED(50),
    TOO_LONG(50),
    UNKNOWN_NAME(112),
    NO_COMMON_PROTOCOL(120),
    TIMEOUT(0),
    CLOSED(0),
    /// Refused by either side: versions, suites, certificates.
    FAILED(0);

    private final int alert;
    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    HandshakeOutcome(int alert) {
        this.alert = alert;
    }

    /// How a handshake ended that `cause` ended.
    static HandshakeOutcome of(@Nullable Throwable cause) {
        return switch (cause) {
            case null -> COMPLETED;
            case SslHandshakeTimeoutException late -> TIMEOUT;
            case ClosedChannelException closed -> CLOSED;
            default -> cause.getCause() instanceof ClosedChannelException ? CLOSED : FAILED;
        };
    }

    /// The alert it is refused with (RFC 8446 §6.2), or 0 for closing without a word.
    int alert() {
        return alert;
    }

    String label() {
        return label;
    }
}
