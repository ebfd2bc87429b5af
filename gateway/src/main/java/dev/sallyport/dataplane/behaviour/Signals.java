package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.RequestFault;
import org.jspecify.annotations.Nullable;

/// Which signal a finished exchange gives; one at most, so that nothing counts twice.
final class Signals {
    private Signals() {}

    static @Nullable Signal of(Exchange exchange) {
        Refusal refusal = exchange.refusal();
        Failure failure = exchange.failure();
        if (failure == Failure.REQUEST_MALFORMED || failure == Failure.REQUEST_TOO_LARGE) {
            return Signal.BAD_REQUEST;
        }
        if (failure != null) {
            return provoked(failure) ? Signal.UPSTREAM_ERROR : null;
        }
        return refusal == null ? ofAnswer(exchange) : ofRefusal(exchange, refusal);
    }

    private static @Nullable Signal ofRefusal(Exchange exchange, Refusal refusal) {
        if (refusal.code().startsWith(Refusing.CODE)) {
            // who is refused for what it did is not blamed for coming back
            return null;
        }
        return switch (refusal.status()) {
            case 401 -> isFailedAuthentication(exchange, refusal) ? Signal.FAILED_AUTHENTICATION : null;
            case 403 -> Signal.DENIED;
            case 404, 405, 421 -> Signal.NOT_FOUND;
            case 400, 411, 413, 414, 415, 417, 431 -> Signal.BAD_REQUEST;
            case 429 -> exchange.limitedBy().isEmpty() ? null : Signal.LIMIT_HIT;
            default -> null;
        };
    }

    private static @Nullable Signal ofAnswer(Exchange exchange) {
        int status = exchange.status();
        if (exchange.upstream().isEmpty()) {
            // an answer of the gateway's own, such as that of its token service
            return status == 401 ? Signal.FAILED_AUTHENTICATION : status == 404 ? Signal.NOT_FOUND : null;
        }
        if (exchange.upstreamStatus() >= 500) {
            return Signal.UPSTREAM_ERROR;
        }
        return switch (exchange.upstreamStatus()) {
            case 404 -> Signal.NOT_FOUND;
            case 401, 403 -> Signal.UPSTREAM_DENIED;
            default -> null;
        };
    }

    /// Whether `refusal` is about a credential that was shown and is not good. What is past its time, or lacks what
    /// the client is to be told first, is no guess; neither is what a rule wants more of.
    static boolean isFailedAuthentication(Exchange exchange, Refusal refusal) {
        String code = refusal.code();
        return refusal.status() == 401
                && exchange.deniedBy().isEmpty()
                && !code.equals("credential-missing")
                && !code.equals("proof-nonce")
                && !code.equals("session-ended")
                && !code.endsWith("-expired");
    }

    private static boolean provoked(Failure failure) {
        return switch (failure) {
            case RESET_BEFORE_RESPONSE, RESPONSE_TRUNCATED, RESPONSE_MALFORMED, RESPONSE_HEAD_TIMEOUT -> true;
            case CLIENT_CLOSED,
                    REQUEST_MALFORMED,
                    REQUEST_TIMEOUT,
                    REQUEST_TOO_LARGE,
                    RESPONSE_STALLED,
                    NO_ENDPOINT,
                    POOL_FULL,
                    CONNECT_FAILED,
                    CONNECT_TIMEOUT,
                    TLS_FAILED,
                    IDLE_TIMEOUT,
                    TOTAL_TIMEOUT,
                    ACCESS_ENDED,
                    DRAINED,
                    INTERNAL -> false;
        };
    }

    /// The signal of a request that could not be understood. Slow ones are none: lines may be.
    static @Nullable Signal of(RequestFault fault) {
        return fault.status() == 408 ? null : Signal.BAD_REQUEST;
    }
}
