package dev.sallyport.app.explain;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An authenticator of which is noted down what it says. Who calls may be assumed instead of being asked of it; all
/// else is its own. Confined to the exchange's loop.
final class HeardAuthenticator implements Authenticator {
    static final String NOT_ASKED = "not asked";

    private final Authenticator own;
    private final String name;
    private final String kind;
    private final @Nullable Authentication assumed;
    private String said = NOT_ASKED;

    /// @param assumed what it is assumed to find; null to ask it
    HeardAuthenticator(Authenticator own, String name, String kind, @Nullable Authentication assumed) {
        this.own = own;
        this.name = name;
        this.kind = kind;
        this.assumed = assumed;
    }

    Explained.Tried tried() {
        return new Explained.Tried(name, kind, said);
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        return heard(assumed != null ? assumed : own.authenticate(exchange), this::found);
    }

    @Override
    public Authentication invite(Exchange exchange) {
        return heard(own.invite(exchange), this::invited);
    }

    @Override
    public Authentication stepUp(Exchange exchange, Strength wanted) {
        return heard(own.stepUp(exchange, wanted), this::invited);
    }

    private Authentication heard(Authentication answer, Function<Authentication, String> words) {
        if (answer instanceof Authentication.Await later) {
            said = "no answer";
            return new Authentication.Await(later.authentication().thenApply(found -> heard(found, words)));
        }
        said = words.apply(answer);
        return answer;
    }

    private String found(Authentication answer) {
        return switch (answer) {
            case Authentication.Proven(Principal caller) ->
                assumed != null ? "assumed to prove " + caller.id() : "proves " + caller.id();
            case Authentication.NoCredential() ->
                assumed != null ? "assumed to be shown nothing" : "is shown no credential of its kind";
            case Authentication.Unclaimed(Refusal refusal) -> "not for it: " + refusal.code();
            case Authentication.BadCredential(Refusal refusal) -> "refuses: " + refusal.code();
            case Authentication.Challenge(Refusal refusal) -> "wants something first: " + refusal.code();
            case Authentication.Answer _ -> "answers itself";
            case Authentication.Await _ -> "no answer";
        };
    }

    private String invited(Authentication answer) {
        return switch (answer) {
            case Authentication.Answer _ -> said + "; sends the browser to log in";
            case Authentication.Challenge(Refusal refusal) -> said + "; " + refusal.code();
            case Authentication.NoCredential _,
                    Authentication.Proven _,
                    Authentication.Unclaimed _,
                    Authentication.BadCredential _,
                    Authentication.Await _ -> said;
        };
    }

    @Override
    public @Nullable Set<String> roles() {
        return own.roles();
    }

    @Override
    public List<String> challenges() {
        return own.challenges();
    }

    @Override
    public Set<String> credentialFields() {
        return own.credentialFields();
    }

    @Override
    public Set<String> credentialParameters() {
        return own.credentialParameters();
    }

    @Override
    public List<String> authorizationServers() {
        return own.authorizationServers();
    }
}
