package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.extension.authn.certificate.CertificateBinding;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether who shows a token may show it: a token bound to its sender (RFC 8705 §3.2, RFC 9449 §6.2) needs every proof
/// it names, whatever the configuration says; one bound to nobody is taken only where tokens need not be bound
/// (threat DP-01).
final class Sender {
    private final List<BoundCheck> checks;

    /// @param checks what tokens must be bound to, to one of them at least; empty to take tokens that are bound to
    ///     nobody, and no others
    Sender(List<BoundCheck> checks) {
        this.checks = List.copyOf(checks);
    }

    List<String> challenges() {
        if (checks.isEmpty()) {
            return List.of("Bearer");
        }
        Set<String> all = new LinkedHashSet<>();
        checks.forEach(check -> all.addAll(check.challenges()));
        return List.copyOf(all);
    }

    Set<String> fields() {
        Set<String> all = new LinkedHashSet<>();
        all.add("authorization");
        checks.forEach(check -> all.addAll(check.fields()));
        return all;
    }

    boolean needsPublicUrl() {
        return checks.stream().anyMatch(BoundCheck::needsPublicUrl);
    }

    /// Whether no token counts without a client certificate.
    boolean needsClientCertificate() {
        return !checks.isEmpty() && checks.stream().allMatch(CertificateBinding.class::isInstance);
    }

    Authentication check(Exchange exchange, ShownToken shown, Finding.Good found) {
        Map<?, ?> confirmation = found.confirmation();
        Authentication proven = new Authentication.Proven(found.principal());
        if (confirmation == null) {
            return checks.isEmpty() && shown.scheme() == ShownToken.Scheme.BEARER
                    ? proven
                    : TokenRefusals.bad(TokenFault.BINDING);
        }
        List<BoundCheck> judges = judges(confirmation);
        return judges == null || !schemeOf(judges).equals(shown.scheme().word())
                ? TokenRefusals.bad(TokenFault.BINDING)
                : ask(exchange, shown, confirmation, judges, proven);
    }

    /// Who judges each member of `confirmation`; null when nobody can judge one, or there is none.
    private @Nullable List<BoundCheck> judges(Map<?, ?> confirmation) {
        List<BoundCheck> judges = new ArrayList<>(1);
        for (Map.Entry<?, ?> member : confirmation.entrySet()) {
            BoundCheck judge = null;
            for (BoundCheck check : checks) {
                if (check.confirmation().equals(member.getKey()) && member.getValue() instanceof String) {
                    judge = check;
                }
            }
            if (judge == null) {
                return null;
            }
            judges.add(judge);
        }
        return judges.isEmpty() ? null : judges;
    }

    /// `DPoP` where any proof wants it, else `Bearer`.
    private static String schemeOf(List<BoundCheck> judges) {
        for (BoundCheck judge : judges) {
            if (!judge.scheme().equals("Bearer")) {
                return judge.scheme();
            }
        }
        return "Bearer";
    }

    private static Authentication ask(
            Exchange exchange,
            ShownToken shown,
            Map<?, ?> confirmation,
            List<BoundCheck> judges,
            Authentication proven) {
        if (judges.isEmpty()) {
            return proven;
        }
        BoundCheck.Proof proof =
                judges.getFirst().check(exchange, shown.scheme().word(), shown.text(), confirmation);
        List<BoundCheck> rest = judges.subList(1, judges.size());
        return outcome(proof, exchange, () -> ask(exchange, shown, confirmation, rest, proven));
    }

    private static Authentication outcome(BoundCheck.Proof proof, Exchange exchange, Supplier<Authentication> next) {
        return switch (proof) {
            case BoundCheck.Proof.Held() -> next.get();
            case BoundCheck.Proof.Refused refused -> new Authentication.BadCredential(refused.refusal());
            case BoundCheck.Proof.Await await ->
                new Authentication.Await(
                        await.proof().thenApplyAsync(found -> outcome(found, exchange, next), exchange::execute));
        };
    }
}
