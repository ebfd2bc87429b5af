package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.LocalEndpoint;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.Settled;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The authenticator under test as requests meet it, with a clock that tests move, and a provider that they tell what
/// to say. Without sockets towards the browser.
final class Site implements AutoCloseable {
    static final String NAME = "web";
    static final String URL = "https://app.test";

    final FakeServices services;
    final FakeProvider provider;
    final Authenticator authenticator;
    private final String publicUrl;

    private Site(FakeServices services, FakeProvider provider, Authenticator authenticator, String publicUrl) {
        this.services = services;
        this.provider = provider;
        this.authenticator = authenticator;
        this.publicUrl = publicUrl;
    }

    /// One at `https://app.test`.
    static Site open(Path folder) {
        FakeServices services = new FakeServices(folder);
        FakeProvider provider = new FakeProvider(services.clock());
        return at(URL, services, provider, settings -> {});
    }

    /// Another with the same state, as another node, or another authenticator, has it.
    static Site at(String publicUrl, FakeServices services, FakeProvider provider, Consumer<ProviderSettings> change) {
        return at(publicUrl, services, services, provider, change);
    }

    /// @param lent what the authenticator works with, by the clock of `services`
    static Site at(
            String publicUrl,
            FakeServices services,
            Services lent,
            FakeProvider provider,
            Consumer<ProviderSettings> change) {
        try {
            ProviderSettings settings = new ProviderSettings();
            change.accept(settings);
            Authenticator authenticator = new OidcFactory(EventLog.SILENT)
                    .create(settings.config(provider.issuer()), new PluginContext(NAME, 1, lent));
            if (authenticator instanceof LongLived longLived) {
                // one that cannot reach its provider is in use all the same
                longLived
                        .start()
                        .handle((done, failure) -> true)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS);
            }
            return new Site(services, provider, authenticator, publicUrl);
        } catch (PluginException e) {
            throw new IllegalArgumentException(e.key() + ": " + e.getMessage(), e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// What became of a request.
    ///
    /// @param status 200 when it would be forwarded
    record Reply(int status, @Nullable Principal principal, Headers headers, String code, String body) {
        String location() {
            return String.valueOf(headers.first("location"));
        }

        /// The query of [#location()].
        Map<String, String> asked() {
            return FakeProvider.pairs(URI.create(location()).getRawQuery());
        }

        Principal caller() {
            Principal known = principal;
            if (known == null) {
                throw new AssertionError("nobody: " + status + " " + code);
            }
            return known;
        }
    }

    /// A browser, which keeps cookies.
    final class Browser {
        final Map<String, String> cookies = new LinkedHashMap<>();

        /// Opens a page.
        Reply open(String target) {
            return send(request(Method.GET, target)
                    .header("accept", "text/html,*/*;q=0.8")
                    .header("sec-fetch-mode", "navigate"));
        }

        /// What a script asks for.
        Reply fetch(Method method, String target, String... fields) {
            Exchanges request = request(method, target).header("accept", "application/json");
            for (int i = 0; i < fields.length; i += 2) {
                request.header(fields[i], fields[i + 1]);
            }
            return send(request);
        }

        Reply post(String target, String... fields) {
            return fetch(Method.POST, target, fields);
        }

        /// Logs in from `target` on; what the callback answers.
        Reply login(String target) {
            Reply away = open(target);
            return back(provider.authorize(away.location()));
        }

        /// Comes back from the provider.
        Reply back(Map<String, String> answer) {
            return open(callback(answer));
        }

        Exchanges request(Method method, String target) {
            int query = target.indexOf('?');
            Exchanges request = Exchanges.request()
                    .connection(new ClientConnection(
                            new InetSocketAddress("192.0.2.7", 50000),
                            new ClientConnection.Listener("public", List.of(), publicUrl),
                            null,
                            null,
                            List.of()))
                    .method(method)
                    .path(query < 0 ? target : target.substring(0, query))
                    .query(query < 0 ? null : target.substring(query + 1));
            if (!cookies.isEmpty()) {
                StringBuilder field = new StringBuilder();
                cookies.forEach((name, value) -> field.append(field.isEmpty() ? "" : "; ")
                        .append(name)
                        .append('=')
                        .append(value));
                request.header("cookie", field.toString());
            }
            return request;
        }

        Reply send(Exchanges request) {
            return keeping(Site.this.send(request.exchange(), new byte[0]));
        }

        /// Keeps the cookies of `reply`.
        Reply keeping(Reply reply) {
            for (int i = reply.headers.indexOf("set-cookie", 0);
                    i >= 0;
                    i = reply.headers.indexOf("set-cookie", i + 1)) {
                String cookie = reply.headers.value(i);
                String name = cookie.substring(0, cookie.indexOf('='));
                if (cookie.contains("Max-Age=0")) {
                    cookies.remove(name);
                } else {
                    cookies.put(name, cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';')));
                }
            }
            return reply;
        }

        String session() {
            return String.valueOf(cookies.get("__Host-sallyport-session-" + NAME));
        }
    }

    Browser browser() {
        return new Browser();
    }

    /// A browser that has logged in.
    Browser loggedIn() {
        Browser browser = browser();
        Reply reply = browser.login("/orders");
        if (reply.status != 302) {
            throw new AssertionError("no login: " + reply);
        }
        return browser;
    }

    static String callback(Map<String, String> answer) {
        return Paths.of(NAME).callback() + Query.with("", answer);
    }

    /// The provider calls the back-channel logout endpoint.
    Reply backChannel(String token) {
        return backChannel(token, "application/x-www-form-urlencoded");
    }

    Reply backChannel(String token, String type) {
        Exchanges request = browser()
                .request(Method.POST, Paths.of(NAME).backChannelLogout())
                .header("content-type", type);
        String form = "logout_token=" + token;
        return send(request.exchange(), form.getBytes(StandardCharsets.US_ASCII));
    }

    private Reply send(Exchange exchange, byte[] body) {
        for (LocalEndpoint endpoint : authenticator.endpoints()) {
            if (endpoint.path().equals(exchange.request().path())) {
                return endpoint.methods().contains(exchange.request().method())
                        ? reply(endpoint.handler().decide(exchange), body)
                        : new Reply(405, null, Headers.EMPTY, "", "");
            }
        }
        Authentication found = Settled.of(authenticator.authenticate(exchange));
        if (found instanceof Authentication.NoCredential) {
            found = Settled.of(authenticator.invite(exchange));
        }
        return switch (found) {
            case Authentication.Proven proven -> new Reply(200, proven.principal(), Headers.EMPTY, "", "");
            case Authentication.NoCredential() -> new Reply(401, null, Headers.EMPTY, "credential-missing", "");
            case Authentication.BadCredential bad -> reply(bad.refusal());
            case Authentication.Challenge challenge -> reply(challenge.refusal());
            case Authentication.Unclaimed other -> reply(other.refusal());
            case Authentication.Answer answer -> reply(answer.response());
            case Authentication.Await _ -> throw new AssertionError("not settled");
        };
    }

    /// What a request gets whose caller is proven, but not as `wanted`; 401 when nothing is offered.
    Reply stepUp(Browser browser, Exchanges request, Strength wanted) {
        Exchange exchange = request.exchange();
        if (!(Settled.of(authenticator.authenticate(exchange)) instanceof Authentication.Proven proven)) {
            throw new AssertionError("nobody");
        }
        exchange.authenticated(proven.principal());
        Authentication found = Settled.of(authenticator.stepUp(exchange, wanted));
        return found instanceof Authentication.Answer answer
                ? browser.keeping(reply(answer.response()))
                : new Reply(401, null, Headers.EMPTY, "", "");
    }

    private static Reply reply(Decision decision, byte[] body) {
        return switch (decision) {
            case Decision.Answer answer -> reply(answer.response());
            case Decision.Refuse refuse -> reply(refuse.refusal());
            case Decision.ReadBody read -> reply(read.then().apply(body), body);
            case Decision.Await await -> reply(Settled.value(await.decision()), body);
            case Decision.Proceed() -> throw new AssertionError("goes on");
        };
    }

    private static Reply reply(Refusal refusal) {
        return new Reply(refusal.status(), null, refusal.headers(), refusal.code(), "");
    }

    private static Reply reply(LocalResponse response) {
        return new Reply(
                response.status(), null, response.headers(), "", new String(response.body(), StandardCharsets.UTF_8));
    }

    /// Lets time pass.
    void later(Duration time) {
        services.at(services.clock().instant().plus(time));
    }

    @Override
    public void close() {
        if (authenticator instanceof LongLived longLived) {
            longLived.close();
        }
        provider.close();
    }
}
