package dev.sallyport.extension.authn.sender;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.certificate.CertificateBinding;
import dev.sallyport.extension.authn.dpop.DpopCheck;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether who shows a token may show it, asked for each request: a token bound to its sender (RFC 8705 §3, RFC 9449
/// §6) needs every proof it names, whatever the configuration says; one bound to nobody is taken only where tokens need
/// not be bound (threat DP-01).
public final class Senders {
    private final List<BoundCheck> checks;
    private final TokenRefusals refusals;

    /// @param checks what tokens must be bound to, to one of them at least; empty to take tokens that are bound to
    ///     nobody, and no others
    public Senders(List<BoundCheck> checks) {
        this.checks = List.copyOf(checks);
        this.refusals = new TokenRefusals(challenges());
    }

    /// As a configuration says.
    ///
    /// @param pool where signatures of proofs are checked
    public static Senders of(List<BoundTo> boundTo, DpopRules dpop, Services services, VerificationPool pool) {
        List<BoundCheck> checks = new ArrayList<>();
        for (BoundTo one : new LinkedHashSet<>(boundTo)) {
            checks.add(
                    switch (one) {
                        case DPOP -> new DpopCheck(dpop, services, pool, new KeySetReader(SignatureProvider.fastest()));
                        case MTLS -> new CertificateBinding();
                    });
        }
        return new Senders(checks);
    }

    /// What a request without a token is told.
    public List<String> challenges() {
        if (checks.isEmpty()) {
            return List.of(ShownToken.Scheme.BEARER.word());
        }
        Set<String> all = new LinkedHashSet<>();
        checks.forEach(check -> all.addAll(check.challenges()));
        return List.copyOf(all);
    }

    /// Request fields that hold a credential, in lower case.
    public Set<String> fields() {
        Set<String> all = new LinkedHashSet<>(List.of("authorization"));
        checks.forEach(check -> all.addAll(check.fields()));
        return all;
    }

    public boolean needsPublicUrl() {
        return checks.stream().anyMatch(BoundCheck::needsPublicUrl);
    }

    /// Whether no token counts without a client certificate.
    public boolean needsClientCertificate() {
        return !checks.isEmpty() && checks.stream().allMatch(BoundCheck::needsClientCertificate);
    }

    /// How tokens are refused here.
    public TokenRefusals refusals() {
        return refusals;
    }

    /// What a token with these claims wants proved; null when nobody here can judge it.
    public @Nullable Confirmation confirmation(Map<String, @Nullable Object> claims) {
        return Confirmation.of(claims, checks);
    }

    /// What is found of `token`, shown by `exchange`; on its event loop.
    public Authentication prove(Exchange exchange, ShownToken shown, GoodToken token) {
        return token.confirmation().scheme() == shown.scheme()
                ? ask(exchange, shown, token, 0)
                : refusals.bad(shown.scheme(), TokenFault.BINDING);
    }

    private Authentication ask(Exchange exchange, ShownToken shown, GoodToken token, int index) {
        Confirmation confirmation = token.confirmation();
        if (index == confirmation.checks().size()) {
            return token.fromItsSender(shown.scheme());
        }
        BoundCheck check = confirmation.checks().get(index);
        return onProof(
                exchange,
                shown,
                token,
                index,
                check.check(exchange, shown.scheme().word(), shown.text(), confirmation.members()));
    }

    private Authentication onProof(
            Exchange exchange, ShownToken shown, GoodToken token, int index, BoundCheck.Proof proof) {
        return switch (proof) {
            case BoundCheck.Proof.Held() -> ask(exchange, shown, token, index + 1);
            case BoundCheck.Proof.Refused refused -> new Authentication.BadCredential(refused.refusal());
            case BoundCheck.Proof.Await await ->
                new Authentication.Await(await.proof()
                        .thenApplyAsync(found -> onProof(exchange, shown, token, index, found), exchange::execute));
        };
    }
}
