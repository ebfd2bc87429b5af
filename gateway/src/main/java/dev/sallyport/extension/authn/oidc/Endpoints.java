package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.LocalEndpoint;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.CookieField;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.extension.authn.oidc.provider.LoginFailure;
import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.extension.authn.oidc.provider.Refused;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the gateway serves itself for logins and logouts. On event loops; the work is done on virtual threads.
final class Endpoints {
    private static final int LARGEST_LOGOUT = 16 * 1024;
    private static final Set<String> FREE =
            Set.of(Refused.STATE.code(), Refused.CALLBACK.code(), Refused.LOGOUT_STATE.code());

    private final String authenticator;
    private final Paths paths;
    private final Cookies.Choice cookies;
    private final Logins logins;
    private final Logouts logouts;
    private final Work work;

    /// Where the work is done and told of.
    record Work(Executor blocking, EventLog log, Counts counts) {}

    Endpoints(String authenticator, Paths paths, Cookies.Choice cookies, Logins logins, Logouts logouts, Work work) {
        this.authenticator = authenticator;
        this.paths = paths;
        this.cookies = cookies;
        this.logins = logins;
        this.logouts = logouts;
        this.work = work;
    }

    Paths paths() {
        return paths;
    }

    List<LocalEndpoint> all() {
        return List.of(
                endpoint("login", Method.GET, paths.login(), this::onLogin),
                endpoint("callback", Method.GET, paths.callback(), this::onCallback),
                endpoint("logout", Method.POST, paths.logout(), this::onLogout),
                endpoint("logged-out", Method.GET, paths.loggedOut(), this::onLoggedOut),
                endpoint("back-channel-logout", Method.POST, paths.backChannelLogout(), this::onBackChannelLogout));
    }

    private static LocalEndpoint endpoint(
            String name, Method method, String path, Function<Exchange, Decision> handler) {
        return new LocalEndpoint(name, Set.of(method), path, new Handler(handler));
    }

    private record Handler(Function<Exchange, Decision> handler) implements Policy {
        @Override
        public Phase phase() {
            return Phase.ANSWER;
        }

        @Override
        public Decision decide(Exchange exchange) {
            return handler.apply(exchange);
        }
    }

    /// The way to the provider, and back to `returnTo`.
    ///
    /// @param wanted what the login has to be like, or null
    Authentication login(Exchange exchange, String returnTo, @Nullable Strength wanted) {
        Logins.Caller caller = caller(exchange);
        if (caller == null) {
            return new Authentication.Challenge(Refused.HTTPS);
        }
        return new Authentication.Await(
                done(() -> begin(caller, returnTo, wanted)).thenApply(answer -> switch (answer) {
                    case Done.Answered answered -> new Authentication.Answer(answered.response());
                    case Done.Failed failed -> new Authentication.Challenge(failed.refusal());
                }));
    }

    private Decision onLogin(Exchange exchange) {
        Map<String, String> query = Query.parse(exchange.request().query());
        String asked = query == null ? null : query.getOrDefault("return-to", ReturnPath.DEFAULT);
        String returnTo = asked == null ? null : ReturnPath.parse(asked);
        Logins.Caller caller = caller(exchange);
        if (returnTo == null) {
            return new Decision.Refuse(Refused.RETURN_TARGET);
        }
        return caller == null ? new Decision.Refuse(Refused.HTTPS) : await(() -> begin(caller, returnTo, null));
    }

    private Decision onCallback(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        Map<String, String> answer = Query.parse(request.query());
        Logins.Caller caller = caller(exchange);
        if (request.method() != Method.GET || answer == null) {
            return new Decision.Refuse(Refused.CALLBACK);
        }
        return caller == null ? new Decision.Refuse(Refused.HTTPS) : await(() -> complete(caller, answer));
    }

    private LocalResponse begin(Logins.Caller caller, String returnTo, @Nullable Strength wanted) throws LoginFailure {
        LocalResponse away = logins.begin(caller, returnTo, wanted);
        work.counts.loginsBegun.increment();
        return away;
    }

    private LocalResponse complete(Logins.Caller caller, Map<String, String> answer) throws LoginFailure {
        try {
            LocalResponse back = logins.complete(caller, answer);
            work.counts.loginsDone.increment();
            return back;
        } catch (LoginFailure e) {
            work.counts.loginsFailed.increment();
            throw e;
        }
    }

    private Decision onLogout(Exchange exchange) {
        Logins.Caller caller = caller(exchange);
        if (caller == null) {
            return new Decision.Refuse(Refused.HTTPS);
        }
        if (!SameOrigin.isOwn(exchange)) {
            return new Decision.Refuse(Refused.CSRF);
        }
        return await(() -> logouts.byBrowser(caller.publicUrl(), caller.cookies(), caller.sessionCookie()));
    }

    private Decision onLoggedOut(Exchange exchange) {
        Map<String, String> query = Query.parse(exchange.request().query());
        String state = query == null ? null : query.get("state");
        return await(() -> logouts.returned(state));
    }

    private Decision onBackChannelLogout(Exchange exchange) {
        String type = exchange.request().headers().first(FieldName.CONTENT_TYPE);
        if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
            return new Decision.Refuse(Refused.CALLBACK);
        }
        return new Decision.ReadBody(LARGEST_LOGOUT, body -> await(() -> logouts.byProvider(body)));
    }

    /// Who asks, by what a browser sends along; null where no cookie may be set.
    private Logins.@Nullable Caller caller(Exchange exchange) {
        String publicUrl = exchange.publicUrl();
        Cookies own = cookies.at(publicUrl);
        if (own == null) {
            return null;
        }
        Headers headers = exchange.request().headers();
        return new Logins.Caller(
                publicUrl,
                own,
                Token.of(CookieField.value(headers, own.login())),
                Token.of(CookieField.value(headers, own.session())),
                exchange.clientAddress());
    }

    /// Something that waits, and ends with an answer.
    private interface Task {
        LocalResponse run() throws LoginFailure;
    }

    private sealed interface Done {
        record Answered(LocalResponse response) implements Done {}

        record Failed(Refusal refusal) implements Done {}
    }

    private Decision await(Task task) {
        return new Decision.Await(done(task).thenApply(answer -> switch (answer) {
            case Done.Answered answered -> new Decision.Answer(answered.response());
            case Done.Failed failed -> new Decision.Refuse(failed.refusal());
        }));
    }

    private CompletableFuture<Done> done(Task task) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new Done.Answered(task.run());
                    } catch (LoginFailure e) {
                        tell(e);
                        return new Done.Failed(e.refusal());
                    }
                },
                work.blocking);
    }

    /// What anybody can cause at will is in the access log only.
    private void tell(LoginFailure e) {
        Refusal refusal = e.refusal();
        if (!FREE.contains(refusal.code())) {
            work.log.event(
                    Event.LOGIN_FAILED,
                    "authenticator",
                    authenticator,
                    "reason",
                    refusal.code(),
                    "error",
                    String.valueOf(e.getMessage()));
        }
    }
}
