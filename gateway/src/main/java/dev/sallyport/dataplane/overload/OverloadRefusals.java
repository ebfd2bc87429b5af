package dev.sallyport.dataplane.overload;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;

/// What callers are told when there is too much to do: the same whatever was too much, and to come back at different
/// times, so that they do not come back all at once.
final class OverloadRefusals {
    private static final int SPREAD = 4;

    /// An upstream has as many requests as it can take.
    static final OverloadRefusals UPSTREAM = new OverloadRefusals("upstream-overloaded");

    /// The gateway itself has.
    static final OverloadRefusals GATEWAY = new OverloadRefusals("gateway-overloaded");

    private final Refusal[] bySeconds = new Refusal[SPREAD];

    private OverloadRefusals(String code) {
        for (int i = 0; i < SPREAD; i++) {
            bySeconds[i] = new Refusal(
                    503,
                    code,
                    "Overloaded",
                    "The service has too much to do now. Try again later.",
                    Headers.of("retry-after", Integer.toString(i + 1)),
                    "overloaded");
        }
    }

    Refusal of(Exchange exchange) {
        return bySeconds[(int) (exchange.requestIdLow() & (SPREAD - 1))];
    }
}
