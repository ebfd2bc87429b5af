package dev.sallyport.extension.condition;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Conditions asked in tests, at 2026-03-02T08:30:00Z, a Monday.
final class Asked {
    static final Instant NOW = Instant.parse("2026-03-02T08:30:00Z");

    static final Credential CREDENTIAL = new Credential(
            "jwt",
            "https://id.example.com",
            "t-1",
            "shop",
            null,
            NOW.minusSeconds(60).getEpochSecond(),
            NOW.plusSeconds(600).getEpochSecond());

    static final Principal ADA = new Principal(
            "ada",
            "staff",
            "acme",
            Set.of("reader", "clerk"),
            Claims.of(Map.of(
                    "groups",
                    List.of("orders-clerks", "x"),
                    "level",
                    3L,
                    "ratio",
                    0.5,
                    "on_call",
                    true,
                    "address",
                    Map.of("country", "DE"),
                    "https://example.com/dept",
                    "sales")),
            CREDENTIAL);

    private Asked() {}

    static Condition condition(String text) {
        try {
            return new CelExpressions(() -> NOW).condition(text);
        } catch (ExpressionException e) {
            throw new AssertionError(text + ": " + e.problems(), e);
        }
    }

    /// `true`, `false`, or why there is no value.
    static String of(String text, Exchange exchange) {
        try {
            return String.valueOf(condition(text).holds(exchange));
        } catch (EvaluationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /// `GET /acme/orders/7` by Ada, with every kind of field and parameter.
    static Exchanges request() {
        return Exchanges.request()
                .path("/acme/orders/7")
                .query("limit=10&tag=a&tag=b&empty=&flag&na%6De=J%C3%BCrgen+K")
                .header("X-Channel", "web")
                .header("X-Many", "one")
                .header("x-many", "two")
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer secret")
                .header("X-Forwarded-For", "10.0.0.1");
    }

    static Exchange exchange() {
        return by(ADA, request());
    }

    static Exchange anonymous() {
        return routed(request());
    }

    static Exchange by(Principal principal, Exchanges request) {
        Exchange exchange = routed(request);
        exchange.authenticated(principal);
        return exchange;
    }

    private static Exchange routed(Exchanges request) {
        Exchange exchange = request.exchange();
        exchange.routed("orders", "/{tenant}/orders/{id}", new String[] {"tenant", "acme", "id", "7"});
        return exchange;
    }
}
