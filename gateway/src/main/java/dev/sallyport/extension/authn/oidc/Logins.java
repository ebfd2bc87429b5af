package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.oidc.provider.IdTokenCheck;
import dev.sallyport.extension.authn.oidc.provider.LoginFailure;
import dev.sallyport.extension.authn.oidc.provider.Metadata;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.extension.authn.oidc.provider.Refused;
import dev.sallyport.extension.authn.oidc.provider.TokenResponse;
import dev.sallyport.extension.authn.session.SealingKeys;
import dev.sallyport.extension.authn.session.Session;
import dev.sallyport.extension.authn.session.Sessions;
import dev.sallyport.extension.authn.session.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Logins from the way to the provider to the session: authorization code flow with PKCE (OpenID Connect Core §3.1,
/// RFC 9700).
@OffLoop("virtual threads")
final class Logins {
    private static final int LONGEST_CODE = 4096;

    private final OidcConfig config;
    private final Paths paths;
    private final Provider provider;
    private final IdTokenCheck check;
    private final LoginStates states;
    private final SealingKeys stateKeys;
    private final Sessions sessions;
    private final Identity identity;
    private final InstantSource clock;

    /// What logins work with.
    record Parts(
            Paths paths,
            Provider provider,
            IdTokenCheck check,
            LoginStates states,
            SealingKeys stateKeys,
            Identity identity) {}

    Logins(OidcConfig config, Parts parts, Sessions sessions, InstantSource clock) {
        this.config = config;
        this.paths = parts.paths;
        this.provider = parts.provider;
        this.check = parts.check;
        this.states = parts.states;
        this.stateKeys = parts.stateKeys;
        this.identity = parts.identity;
        this.sessions = sessions;
        this.clock = clock;
    }

    /// What a request is that leads to a login, or back from it.
    ///
    /// @param cookies   of its public URL
    /// @param loginCookie   what binds logins to the browser, or null
    /// @param sessionCookie the session the browser has already, or null
    record Caller(
            String publicUrl,
            Cookies cookies,
            @Nullable Token loginCookie,
            @Nullable Token sessionCookie,
            InetAddress address) {}

    /// Leads a browser to the provider.
    ///
    /// @param wanted what the login has to be like beside what the configuration says, or null
    LocalResponse begin(Caller caller, String returnTo, @Nullable Strength wanted) throws LoginFailure {
        Metadata metadata = provider.metadata();
        Token name = Token.random();
        // several tabs may log in at once: what binds them to the browser is one
        Token binding = caller.loginCookie == null ? Token.random() : caller.loginCookie;
        LoginStates.Begun begun =
                new LoginStates.Begun(binding, Token.random(), Token.random(), caller.publicUrl, returnTo);
        try {
            if (!states.put(name, begun, stateKeys.ready(), caller.address)) {
                throw new LoginFailure(Refused.BUSY, "too many logins begun");
            }
        } catch (IOException e) {
            throw new LoginFailure(Refused.UNAVAILABLE, "keys of sessions", e);
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", config.client().id());
        query.put("redirect_uri", paths.callback(caller.publicUrl));
        query.put("scope", String.join(" ", config.scopes()));
        query.put("state", name.text());
        query.put("nonce", begun.nonce().text());
        query.put("code_challenge", Token.hash(begun.verifier().text()));
        query.put("code_challenge_method", "S256");
        String classes = wanted == null || wanted.classes().isEmpty()
                ? String.join(" ", config.acrValues())
                : wanted.acrValues();
        if (!classes.isEmpty()) {
            query.put("acr_values", classes);
        }
        long age = maxAge(wanted);
        if (age != Strength.ANY_AGE) {
            query.put("max_age", Long.toString(age));
        }
        return Redirects.to(
                302, Query.with(metadata.authorization().toString(), query), caller.cookies.loginIs(binding));
    }

    /// The shorter of what is wanted and what is configured.
    private long maxAge(@Nullable Strength wanted) {
        long configured =
                config.maxAge() == null ? Strength.ANY_AGE : config.maxAge().toSeconds();
        long asked = wanted == null ? Strength.ANY_AGE : wanted.maxAgeSeconds();
        boolean one = configured == Strength.ANY_AGE || asked == Strength.ANY_AGE;
        return one ? Math.max(configured, asked) : Math.min(configured, asked);
    }

    /// Takes a browser back from the provider: a session, and the way to the page first asked for.
    LocalResponse complete(Caller caller, Map<String, String> answer) throws LoginFailure {
        Token name = Token.of(answer.get("state"));
        if (name == null) {
            throw new LoginFailure(Refused.CALLBACK, "no state");
        }
        try {
            LoginStates.Begun begun = states.take(name, stateKeys);
            if (begun == null || !isOf(caller, begun)) {
                throw new LoginFailure(Refused.STATE, "no such login of this browser");
            }
            return complete(caller, answer, begun);
        } catch (IOException e) {
            throw new LoginFailure(Refused.UNAVAILABLE, "keys of sessions", e);
        }
    }

    private static boolean isOf(Caller caller, LoginStates.Begun begun) {
        Token cookie = caller.loginCookie;
        return cookie != null
                && begun.binding().is(cookie.text())
                && begun.publicUrl().equals(caller.publicUrl);
    }

    private LocalResponse complete(Caller caller, Map<String, String> answer, LoginStates.Begun begun)
            throws LoginFailure, IOException {
        checkIssuer(answer.get("iss"));
        String error = answer.get("error");
        String code = answer.get("code");
        if (error != null) {
            throw new LoginFailure(Refused.BY_PROVIDER, "the provider says " + Provider.printable(error));
        }
        if (code == null || code.isEmpty() || code.length() > LONGEST_CODE) {
            throw new LoginFailure(Refused.CALLBACK, "no code");
        }
        TokenResponse tokens = granted(provider.code(
                code, paths.callback(begun.publicUrl()), begun.verifier().text()));
        Session session = session(tokens, begun.nonce());
        if (identity.of(session) == null) {
            throw new LoginFailure(Refused.IDENTITY, "the claims name nobody");
        }
        Sessions.Found before = caller.sessionCookie == null ? null : sessions.find(caller.sessionCookie);
        if (before != null) {
            sessions.end(before);
        }
        Token id = sessions.begin(session);
        return Redirects.to(302, begun.returnTo(), caller.cookies.sessionIs(id));
    }

    /// Whether the answer is of this provider and no other (RFC 9207, threat OA-05).
    private void checkIssuer(@Nullable String issuer) throws LoginFailure {
        boolean right = issuer == null ? !provider.metadata().namesItself() : issuer.equals(config.issuer());
        if (!right) {
            throw new LoginFailure(Refused.ISSUER, "iss is missing or another provider's");
        }
    }

    private static TokenResponse granted(Provider.Grant grant) throws LoginFailure {
        return switch (grant) {
            case Provider.Grant.Granted granted -> granted.tokens();
            case Provider.Grant.Denied denied ->
                throw new LoginFailure(Refused.TOKENS, "the token endpoint says " + denied.error());
            case Provider.Grant.Unknown unknown ->
                throw new LoginFailure(Refused.UNAVAILABLE, "the token endpoint: " + unknown.problem());
        };
    }

    private Session session(TokenResponse tokens, Token nonce) throws LoginFailure {
        if (tokens.idToken() == null) {
            throw new LoginFailure(Refused.TOKENS, "no ID token");
        }
        IdTokenCheck.Opened idToken = check.opened(tokens.idToken());
        Claims claims = check.login(idToken, nonce.text(), tokens.accessToken());
        String subject = String.valueOf(claims.text("sub"));
        String sid = claims.text("sid");
        String userinfo = provider.tellsMore() ? provider.userinfo(tokens.accessToken(), subject) : "";
        long now = clock.millis() / 1000;
        long ends = now + config.session().absolute().toSeconds();
        Session.Times times = Freshness.of(tokens, new Session.Times(now, ends, now, 0, 0), now);
        String refresh = tokens.refreshToken() == null ? "" : tokens.refreshToken();
        String publicId = Token.hash(Token.random().text()).substring(0, 22);
        return new Session(
                publicId,
                subject,
                sid == null ? "" : sid,
                times,
                new Session.Tokens(idToken.text(), userinfo, refresh));
    }
}
