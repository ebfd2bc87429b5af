package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.oidc.provider.IdTokenCheck;
import dev.sallyport.extension.authn.oidc.provider.LoginFailure;
import dev.sallyport.extension.authn.oidc.provider.Metadata;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.oidc.provider.Provider;
import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.extension.authn.oidc.provider.Refused;
import dev.sallyport.extension.authn.session.Session;
import dev.sallyport.extension.authn.session.Sessions;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.extension.authn.session.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Ends sessions: because their browser asks (OpenID Connect RP-Initiated Logout), or their provider (Back-Channel
/// Logout). The session is removed here first, whatever becomes of the rest (threat OA-11).
@OffLoop("virtual threads")
final class Logouts {
    private static final Duration STATE_KEPT = Duration.ofMinutes(10);
    private static final byte[] MARKED = {1};
    private static final Headers NO_STORE = Headers.of("cache-control", "no-store");
    private static final Headers JSON = Headers.of("content-type", "application/json", "cache-control", "no-store");
    private static final LocalResponse DONE = new LocalResponse(200, NO_STORE, new byte[0]);

    private final OidcConfig config;
    private final Paths paths;
    private final Provider provider;
    private final IdTokenCheck check;
    private final Sessions sessions;
    private final Told told;
    private final SharedState state;
    private final String space;
    private final InstantSource clock;

    /// Told of sessions that were ended.
    interface Told {
        void ended(List<String> publicIds, String why);
    }

    /// What logging out works with.
    record Parts(Paths paths, Provider provider, IdTokenCheck check, Told told) {}

    /// @param space of the shared state, for marks of one use
    Logouts(OidcConfig config, Parts parts, Sessions sessions, SharedState state, String space, InstantSource clock) {
        this.config = config;
        this.paths = parts.paths;
        this.provider = parts.provider;
        this.check = parts.check;
        this.told = parts.told;
        this.sessions = sessions;
        this.state = state;
        this.space = space;
        this.clock = clock;
    }

    /// Ends the browser's session and leads it to the provider, to end that one too.
    LocalResponse byBrowser(String publicUrl, Cookies cookies, @Nullable Token id) throws LoginFailure {
        Session session = id == null ? null : end(id);
        String clear = cookies.sessionIsOver();
        Metadata metadata = metadata();
        if (session == null || metadata == null || metadata.endSession() == null) {
            return Redirects.to(303, config.afterLogout(), clear);
        }
        Token name = Token.random();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("id_token_hint", session.tokens().id());
        query.put("client_id", config.client().id());
        if (Waiting.on(state.replace(space, name.hash(), null, MARKED, STATE_KEPT))) {
            query.put("post_logout_redirect_uri", publicUrl + paths.loggedOut());
            query.put("state", name.text());
        }
        return Redirects.to(303, Query.with(metadata.endSession().toString(), query), clear);
    }

    private @Nullable Session end(Token id) throws LoginFailure {
        try {
            Sessions.Found found = sessions.find(id);
            if (found == null) {
                return null;
            }
            sessions.end(found);
            told.ended(List.of(found.session().publicId()), "logout");
            return found.session();
        } catch (IOException e) {
            throw new LoginFailure(Refused.UNAVAILABLE, "keys of sessions", e);
        }
    }

    /// Null when the provider cannot be asked: the session here has ended all the same.
    private @Nullable Metadata metadata() {
        try {
            return provider.metadata();
        } catch (LoginFailure unavailable) {
            return null;
        }
    }

    /// Takes a browser back from the provider's logout.
    LocalResponse returned(@Nullable String stateText) throws LoginFailure {
        Token name = Token.of(stateText);
        if (name == null || !Waiting.on(state.replace(space, name.hash(), MARKED, null, STATE_KEPT))) {
            throw new LoginFailure(Refused.LOGOUT_STATE, "no such logout");
        }
        return Redirects.to(302, config.afterLogout());
    }

    /// Ends what a logout token of the provider says.
    LocalResponse byProvider(byte[] form) throws LoginFailure {
        Map<String, String> pairs = Query.parse(new String(form, StandardCharsets.UTF_8));
        String token = pairs == null ? null : pairs.get("logout_token");
        if (token == null) {
            return refused("no logout_token");
        }
        Claims claims;
        try {
            claims = check.logout(token);
        } catch (LoginFailure e) {
            if (e.refusal().status() == 503) {
                throw e;
            }
            return refused("the logout token is not accepted");
        }
        if (!isFirst(claims)) {
            return refused("the logout token was used before");
        }
        String sid = claims.text("sid");
        List<String> ended =
                sid == null ? sessions.endAll("sub", String.valueOf(claims.text("sub"))) : sessions.endAll("sid", sid);
        told.ended(ended, "back-channel logout");
        return DONE;
    }

    private boolean isFirst(Claims claims) {
        long left = NumericDate.of(claims, "exp") + config.clockSkew().toSeconds() - clock.millis() / 1000;
        Duration until =
                Duration.ofSeconds(Math.clamp(left, 1, Duration.ofDays(1).toSeconds()));
        String jti = Token.hash(String.valueOf(claims.text("jti")));
        return Waiting.on(state.mark(space + ":jti", config.issuer(), jti, until)) == SharedState.Mark.FRESH;
    }

    private static LocalResponse refused(String why) {
        String body = "{\"error\":\"invalid_request\",\"error_description\":\"" + why + "\"}\n";
        return new LocalResponse(400, JSON, body.getBytes(StandardCharsets.UTF_8));
    }
}
