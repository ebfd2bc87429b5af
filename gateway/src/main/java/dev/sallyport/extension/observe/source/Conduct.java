package dev.sallyport.extension.observe.source;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import org.jspecify.annotations.Nullable;

/// What is counted of a source.
public enum Conduct {
    /// Refused with 401.
    UNAUTHENTICATED,
    /// Refused with 403.
    DENIED,
    /// Refused with 429.
    LIMITED,
    /// Asked for what is not there: 404, whoever said so.
    NOT_FOUND;

    /// What an exchange that is over was, or null for what is not counted.
    static @Nullable Conduct of(Exchange exchange) {
        Refusal refusal = exchange.refusal();
        if (refusal == null) {
            return exchange.status() == 404 ? NOT_FOUND : null;
        }
        return switch (refusal.status()) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> DENIED;
            case 404 -> NOT_FOUND;
            case 429 -> LIMITED;
            default -> null;
        };
    }
}
