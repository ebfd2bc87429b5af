package dev.sallyport.extension.authn.sender;

import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.ShownToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a token wants its sender to prove (RFC 7800 `cnf`), and by whom each part is judged.
///
/// @param checks all must hold; none for a plain bearer token
/// @param scheme the token must be shown with
/// @param members of `cnf` that are judged
public record Confirmation(List<BoundCheck> checks, ShownToken.Scheme scheme, Map<?, ?> members) {
    private static final Confirmation PLAIN = new Confirmation(List.of(), ShownToken.Scheme.BEARER, Map.of());

    /// Every registered way to prove possession. Other members are no demands, such as Keycloak's `kc-jkt-type`: they
    /// are not understood and must be ignored (RFC 7800 §3.1).
    private static final Set<String> DEMANDS = Set.of("jkt", "x5t#S256", "jwk", "jwe", "kid", "jku", "osc");

    /// What `claims`, all members of a token's payload, want proved; null when nobody here can judge it: a `cnf` that
    /// demands nothing, a kind of proof that is not configured, or no `cnf` where one must be (threat DP-01).
    static @Nullable Confirmation of(Map<String, @Nullable Object> claims, List<BoundCheck> known) {
        if (!claims.containsKey("cnf")) {
            return known.isEmpty() ? PLAIN : null;
        }
        if (!(claims.get("cnf") instanceof Map<?, ?> members)) {
            return null;
        }
        List<BoundCheck> checks = new ArrayList<>(1);
        Map<String, String> judged = new HashMap<>();
        ShownToken.Scheme scheme = ShownToken.Scheme.BEARER;
        for (Object name : members.keySet()) {
            BoundCheck judge = null;
            for (BoundCheck check : known) {
                if (check.confirmation().equals(name)) {
                    judge = check;
                }
            }
            if (judge == null && name instanceof String word && !DEMANDS.contains(word)) {
                continue;
            }
            if (judge == null || !(members.get(name) instanceof String value)) {
                return null;
            }
            if (judge.scheme().equals(ShownToken.Scheme.DPOP.word())) {
                scheme = ShownToken.Scheme.DPOP;
            }
            checks.add(judge);
            judged.put(judge.confirmation(), value);
        }
        if (checks.isEmpty()) {
            return null;
        }
        return new Confirmation(List.copyOf(checks), scheme, Map.copyOf(judged));
    }
}
