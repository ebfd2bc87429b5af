package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import org.jspecify.annotations.Nullable;

/// How log and metrics name the end of an exchange; both say the same.
public enum Outcome {
    ALLOWED("allowed"),
    REFUSED("refused"),
    /// Let in, went wrong later.
    FAILED("failed"),
    /// There was no exchange: the request could not be understood.
    MALFORMED("malformed");

    private static final String[] STATUS_TEXT = new String[100];

    static {
        for (int i = 0; i < STATUS_TEXT.length; i++) {
            STATUS_TEXT[i] = Integer.toString(500 + i);
        }
    }

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    public static Outcome of(Exchange exchange) {
        Failure failure = exchange.failure();
        if (exchange.refusal() != null && (failure == null || failure == Failure.CLIENT_CLOSED)) {
            return REFUSED;
        }
        return failure == null ? ALLOWED : FAILED;
    }

    /// The stable code of the refusal, which is what the client was told unless reasons must look alike to it,
    /// or of the failure; null for what was
    /// allowed.
    public static @Nullable String reason(Exchange exchange) {
        Refusal refusal = exchange.refusal();
        if (refusal != null) {
            return refusal.code();
        }
        Failure failure = exchange.failure();
        return failure == null ? null : failure.code();
    }

    /// OpenTelemetry's `error.type`: the code of a failure, or of a refusal from status 500 on; where there is
    /// none but the status is from 500 on, the status; else null.
    public static @Nullable String errorType(Outcome outcome, @Nullable String reason, int status) {
        if (reason != null && (outcome == FAILED || status >= 500)) {
            return reason;
        }
        return status >= 500 && status <= 599 ? STATUS_TEXT[status - 500] : null;
    }

    /// Whether `failure` is the client's doing.
    public static boolean byClient(Failure failure) {
        return switch (failure) {
            case CLIENT_CLOSED, REQUEST_MALFORMED, REQUEST_TIMEOUT, REQUEST_TOO_LARGE, RESPONSE_STALLED -> true;
            case NO_ENDPOINT,
                    POOL_FULL,
                    CONNECT_FAILED,
                    CONNECT_TIMEOUT,
                    TLS_FAILED,
                    RESPONSE_HEAD_TIMEOUT,
                    IDLE_TIMEOUT,
                    TOTAL_TIMEOUT,
                    RESET_BEFORE_RESPONSE,
                    RESPONSE_TRUNCATED,
                    RESPONSE_MALFORMED,
                    ACCESS_ENDED,
                    DRAINED,
                    INTERNAL -> false;
        };
    }
}
