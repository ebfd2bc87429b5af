package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.server.ShownToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether who shows a token may show it: a token bound to its sender (RFC 8705 §3.2, RFC 9449 §6.2) needs the proof
/// it names, whatever the configuration says; one bound to nobody is taken only where that is allowed (threat DP-01).
final class Sender {
    private final List<BoundCheck> checks;

    /// @param checks what tokens may be bound to; empty to take tokens that are bound to nobody, and no others
    Sender(List<BoundCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    List<String> challenges() {
        if (checks.isEmpty()) {
            return List.of("Bearer");
        }
        List<String> all = new ArrayList<>();
        checks.forEach(check -> all.addAll(check.challenges()));
        return all;
    }

    Authentication check(Exchange exchange, ShownToken shown, Finding.Good found) {
        Authentication proven = new Authentication.Proven(found.principal());
        Map<?, ?> confirmation = found.confirmation();
        if (confirmation == null) {
            return checks.isEmpty() && shown.scheme().equals("Bearer") ? proven : TokenRefusals.bad(TokenFault.BINDING);
        }
        for (int i = 0; i < checks.size(); i++) {
            BoundCheck check = checks.get(i);
            if (confirmation.containsKey(check.confirmation()) && check.scheme().equals(shown.scheme())) {
                return outcome(check.check(exchange, shown.scheme(), shown.token(), confirmation), proven);
            }
        }
        return TokenRefusals.bad(TokenFault.BINDING);
    }

    private static Authentication outcome(BoundCheck.Proof proof, Authentication proven) {
        return switch (proof) {
            case BoundCheck.Proof.Held() -> proven;
            case BoundCheck.Proof.Refused refused -> new Authentication.BadCredential(refused.refusal());
            case BoundCheck.Proof.Await await ->
                new Authentication.Await(await.proof().thenApply(next -> outcome(next, proven)));
        };
    }
}
