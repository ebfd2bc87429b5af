package dev.sallyport.dataplane.tls;

import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts the handshakes of a listener; counted on all loops, read on any thread.
final class HandshakeCounts {
    private static final String TLS_1_2 = "TLSv1.2";
    private static final String TLS_1_3 = "TLSv1.3";

    private final Map<HandshakeOutcome, LongAdder> byOutcome = new EnumMap<>(HandshakeOutcome.class);
    private final LongAdder completed12 = new LongAdder();

    HandshakeCounts() {
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            byOutcome.put(outcome, new LongAdder());
        }
    }

    void completed(String version) {
        (version.equals(TLS_1_2) ? completed12 : adder(HandshakeOutcome.COMPLETED)).increment();
    }

    void failed(HandshakeOutcome outcome) {
        adder(outcome).increment();
    }

    long count(HandshakeOutcome outcome) {
        return adder(outcome).sum() + (outcome == HandshakeOutcome.COMPLETED ? completed12.sum() : 0);
    }

    private LongAdder adder(HandshakeOutcome outcome) {
        @Nullable LongAdder adder = byOutcome.get(outcome);
        if (adder == null) {
            throw new IllegalStateException(outcome.label());
        }
        return adder;
    }

    void collect(String listener, MetricSink sink) {
        for (HandshakeOutcome outcome : HandshakeOutcome.values()) {
            String version = outcome == HandshakeOutcome.COMPLETED ? TLS_1_3 : "";
            sink.value(Metrics.TLS_HANDSHAKES, (double) adder(outcome).sum(), listener, outcome.label(), version);
        }
        sink.value(
                Metrics.TLS_HANDSHAKES,
                (double) completed12.sum(),
                listener,
                HandshakeOutcome.COMPLETED.label(),
                TLS_1_2);
    }

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
}
