package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Watches over attempts to prove who one is, so that guessing is slow. On the exchange's loop.
public interface Attempts {
    /// Every attempt is made at once.
    Attempts UNWATCHED = new Attempts() {
        @Override
        public @Nullable CompletionStage<Boolean> before(Exchange exchange, Authenticator authenticator) {
            return null;
        }

        @Override
        public void failed(Exchange exchange, Authenticator authenticator, Refusal refusal) {}

        @Override
        public Refusal refusal(Exchange exchange) {
            throw new IllegalStateException("nothing is refused");
        }
    };

    /// Asked before `authenticator` is: null when it may be asked at once, else when; false when it is not to be
    /// asked, and the request is [refused][#refusal].
    @Nullable
    CompletionStage<Boolean> before(Exchange exchange, Authenticator authenticator);

    /// Told that `authenticator` found a credential that is bad.
    void failed(Exchange exchange, Authenticator authenticator, Refusal refusal);

    /// Why a request is refused whose turn does not come.
    Refusal refusal(Exchange exchange);
}
