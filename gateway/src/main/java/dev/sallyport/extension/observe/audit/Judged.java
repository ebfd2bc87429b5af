package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.telemetry.AuditEntry;
import org.jspecify.annotations.Nullable;

/// What was decided about a request, as far as an audit log is concerned with it.
final class Judged {
    private Judged() {}

    /// The kind of entry; null for requests about which nothing was decided: not understood, not for any route, or
    /// answered before anybody was asked.
    static @Nullable AuditEntry of(Exchange exchange) {
        Failure failure = exchange.failure();
        if (failure == Failure.ACCESS_ENDED) {
            return AuditEntry.ENDED;
        }
        Refusal refusal = exchange.refusal();
        if (refusal != null) {
            boolean ours = failure == null || failure == Failure.CLIENT_CLOSED;
            switch (refusal.status()) {
                case 401, 403, 429 -> {
                    return AuditEntry.DENIED;
                }
                case 500 -> {
                    if (failure == Failure.INTERNAL) {
                        return AuditEntry.UNDECIDED;
                    }
                }
                case 503 -> {
                    if (ours) {
                        return AuditEntry.UNDECIDED;
                    }
                }
                default -> {}
            }
        }
        return exchange.admittedBy().isEmpty() ? null : AuditEntry.ALLOWED;
    }
}
