package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.access.LocalEndpoint;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CookieField;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.oidc.provider.Refused;
import dev.sallyport.extension.authn.session.Session;
import dev.sallyport.extension.authn.session.SessionReader;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// `oidc`: callers are browsers with a session, whose id is in a cookie; those without one are led to the provider.
///
/// Every request asks shared state for the session, so that one that was ended anywhere is gone here.
public final class OidcLogin implements Authenticator, Revocations, LongLived, KeyInventory, MetricSource {
    static final String KIND = "oidc";
    /// In which part of its idle time a session is noted to be in use once.
    private static final long NOTED_PER_IDLE = 8;

    /// Between two logins for the sake of more strength.
    private static final long STEP_UP_SECONDS = 10;

    private final Cookies.Choice cookies;
    private final SessionReader<Principal> reader;
    private final Endpoints endpoints;
    private final Refreshes refreshes;
    private final Background background;
    private final long idleSeconds;
    private final List<String> challenges;
    private final @Nullable Set<String> roles;

    OidcLogin(
            OidcConfig config,
            Cookies.Choice cookies,
            SessionReader<Principal> reader,
            Endpoints endpoints,
            Refreshes refreshes,
            Background background) {
        this.cookies = cookies;
        this.roles = config.principal().possibleRoles();
        this.reader = reader;
        this.endpoints = endpoints;
        this.refreshes = refreshes;
        this.background = background;
        this.idleSeconds = config.session().idle().toSeconds();
        this.challenges = List.of("Session login=\"" + endpoints.paths().login() + '"');
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        Cookies own = cookies.at(exchange.publicUrl());
        Token id = own == null
                ? null
                : Token.of(CookieField.value(exchange.request().headers(), own.session()));
        if (own == null || id == null) {
            return Authentication.NO_CREDENTIAL;
        }
        return read(exchange, own, id, true);
    }

    private Authentication read(Exchange exchange, Cookies own, Token id, boolean mayRenew) {
        CompletableFuture<SessionReader.@Nullable Read<Principal>> read =
                reader.read(id).toCompletableFuture();
        if (read.isDone() && !read.isCompletedExceptionally()) {
            return judge(exchange, own, id, read.getNow(null), mayRenew);
        }
        return new Authentication.Await(
                read.thenApplyAsync(found -> judge(exchange, own, id, found, mayRenew), exchange::execute));
    }

    private Authentication judge(
            Exchange exchange, Cookies own, Token id, SessionReader.@Nullable Read<Principal> found, boolean mayRenew) {
        if (found == null) {
            return ended(exchange, own);
        }
        long now = background.now();
        Session.Times times = found.session().times();
        if (now >= times.ends() || now - times.used() >= idleSeconds) {
            return ended(exchange, own);
        }
        if (!SameOrigin.mayUseSession(exchange)) {
            return new Authentication.BadCredential(Refused.CSRF);
        }
        if (now >= times.stale()) {
            return mayRenew ? renewed(exchange, own, id) : new Authentication.BadCredential(Refused.SESSION_UNDECIDED);
        }
        if (now >= times.refreshAt()) {
            // what is known still holds: nobody waits
            refreshes.refresh(id);
        } else if (now - times.used() >= idleSeconds / NOTED_PER_IDLE) {
            refreshes.touch(id);
        }
        return new Authentication.Proven(found.understood());
    }

    private Authentication renewed(Exchange exchange, Cookies own, Token id) {
        CompletionStage<Authentication> renewed = refreshes
                .refresh(id)
                .thenApplyAsync(
                        outcome -> switch (outcome) {
                            case GOOD -> read(exchange, own, id, false);
                            case ENDED -> ended(exchange, own);
                            case UNKNOWN -> new Authentication.BadCredential(Refused.SESSION_UNDECIDED);
                        },
                        exchange::execute);
        return new Authentication.Await(renewed);
    }

    /// A browser that opens a page logs in again; anybody else is told so.
    private Authentication ended(Exchange exchange, Cookies own) {
        if (Navigation.is(exchange.request())) {
            return endpoints.login(exchange, ReturnPath.of(exchange.request()), null);
        }
        Refusal refusal = Refused.SESSION_ENDED.with(
                Headers.of("www-authenticate", challenges.getFirst(), "set-cookie", own.sessionIsOver()));
        return new Authentication.BadCredential(refusal);
    }

    @Override
    public Authentication invite(Exchange exchange) {
        if (!Navigation.is(exchange.request())) {
            return Authentication.NO_CREDENTIAL;
        }
        return endpoints.login(exchange, ReturnPath.of(exchange.request()), null);
    }

    /// A browser that opens a page logs in again, better. One that has just done so is not sent round in circles: its
    /// provider cannot do better.
    @Override
    public Authentication stepUp(Exchange exchange, Strength wanted) {
        Principal caller = exchange.principal();
        boolean justDone =
                caller == null || background.now() - caller.credential().issuedAt() < STEP_UP_SECONDS;
        if (justDone || !Navigation.is(exchange.request())) {
            return Authentication.NO_CREDENTIAL;
        }
        return endpoints.login(exchange, ReturnPath.of(exchange.request()), wanted);
    }

    @Override
    public Standing standing(Principal principal) {
        String session = principal.credential().id();
        return session != null && background.ended(session) ? Standing.REVOKED : Standing.GOOD;
    }

    @Override
    public @Nullable Set<String> roles() {
        return roles;
    }

    @Override
    public List<String> challenges() {
        return challenges;
    }

    /// None as a whole: the gateway takes its own cookies out of the field on every route.
    @Override
    public Set<String> credentialFields() {
        return Set.of();
    }

    @Override
    public boolean needsPublicUrl() {
        return true;
    }

    @Override
    public boolean needsHttps() {
        return true;
    }

    @Override
    public List<LocalEndpoint> endpoints() {
        return endpoints.all();
    }

    @Override
    public List<KnownKey> knownKeys() {
        return background.knownKeys();
    }

    @Override
    public void collect(MetricSink sink) {
        background.collect(sink);
    }

    @Override
    public CompletionStage<?> start() {
        return background.start();
    }

    @Override
    public void close() {
        background.close();
    }
}
