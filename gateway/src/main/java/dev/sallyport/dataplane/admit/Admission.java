package dev.sallyport.dataplane.admit;

import dev.sallyport.api.identity.Principal;
import org.jspecify.annotations.Nullable;

/// Proof that an exchange may be forwarded. Only [AdmissionGate] can make one.
public final class Admission {
    private final String rule;
    private final @Nullable Principal principal;

    Admission(String rule, @Nullable Principal principal) {
        this.rule = rule;
        this.principal = principal;
    }

    /// What let the exchange in.
    public String rule() {
        return rule;
    }

    /// The proven caller, null for an anonymous one.
    public @Nullable Principal principal() {
        return principal;
    }
}
