package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.EvilUpstream;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
import dev.sallyport.testing.Response;
import dev.sallyport.testing.TestCertificates;
import dev.sallyport.testing.TestGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logins through the whole gateway.
class OidcIT {
    private static final String SESSION = "__Host-sallyport-session-web";

    @TempDir
    private Path folder = Path.of("");

    private final FakeProvider provider = new FakeProvider(InstantSource.system());
    private final RecordingUpstream upstream = RecordingUpstream.start();

    @BeforeEach
    void writeSecret() throws IOException {
        Files.writeString(folder.resolve("secret"), FakeProvider.SECRET + "\n");
    }

    @AfterEach
    void close() throws IOException {
        upstream.close();
        provider.close();
    }

    private TestGateway behindAProxy(int upstreamPort) {
        return TestGateway.start("""
            version: 1
            listeners:
              public: { bind: "127.0.0.1:0", public-url: "https://app.test" }
            upstreams:
              shop: { endpoints: ["http://127.0.0.1:%d"] }
            authenticators:
              web:
                kind: oidc
                issuer: %s
                client: { id: portal, secret: "${file:%s/secret}" }
            routes:
              shop: { match: { hosts: [app.test] }, access: { authenticate: [web] }, upstream: shop }
              open: { match: { hosts: [app.test], path: "/open/**" }, access: public, upstream: shop }
              maybe: { match: { hosts: [app.test], path: "/maybe/**" }, access: { optional: [web] }, upstream: shop }
            """.formatted(upstreamPort, provider.issuer(), folder));
    }

    private static String get(String target, String... cookies) {
        return "GET " + target + " HTTP/1.1\r\nHost: app.test\r\nAccept: text/html\r\n"
                + (cookies.length == 0 ? "" : "Cookie: " + String.join("; ", cookies) + "\r\n") + "\r\n";
    }

    /// Logs in; the session's cookie.
    private String logIn(RawClient client, String target) throws IOException {
        Response away = client.exchange(get(target));
        assertThat(away.status()).isEqualTo(302);
        Map<String, String> answer = provider.authorize(away.value("location"));
        String callback = Paths.of("web").callback() + Query.with("", answer);
        Response back = client.exchange(get(callback, pair(away.value("set-cookie"))));
        assertThat(back.status()).isEqualTo(302);
        assertThat(back.value("location")).isEqualTo(target);
        return pair(back.value("set-cookie"));
    }

    private static String pair(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    @Test
    void aBrowserLogsInAndReturns() throws IOException {
        try (TestGateway gateway = behindAProxy(upstream.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String session = logIn(client, "/orders?page=2");
            assertThat(session).startsWith(SESSION + "=");
            assertThat(client.exchange(get("/orders?page=2", session)).status()).isEqualTo(200);
            assertThat(upstream.lastRequest().target()).isEqualTo("/orders?page=2");
            assertThat(gateway.logText()).doesNotContain(session.substring(session.indexOf('=') + 1));
            assertThat(gateway.metric("sallyport_logins_total", "outcome=\"done\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void keysOfProviderAndSessionsAreShown() throws IOException {
        try (TestGateway gateway = behindAProxy(upstream.port());
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(gateway.admin("/keys").body())
                    .contains("\"use\": \"seal\"", "\"holder\": \"web\"", "sessions/web.keys")
                    .doesNotContain("\"verify\"");
            logIn(client, "/orders");
            assertThat(gateway.admin("/keys").body())
                    .contains("\"use\": \"verify\"", "\"id\": \"key-1\"", "\"origin\": \"" + provider.issuer());
            assertThat(gateway.metric("sallyport_key_set_keys", "web")).isEqualTo(1);
            assertThat(gateway.metric("sallyport_key_set_age_seconds", "web")).isBetween(0.0, 60.0);
            assertThat(gateway.metric("sallyport_key_set_expiry_seconds", "web"))
                    .isGreaterThan((double) InstantSource.system().instant().getEpochSecond());
            assertThat(gateway.metric("sallyport_key_set_fetches_total", "outcome=\"fetched\""))
                    .isEqualTo(1);
        }
    }

    @Test
    void OA_12_upstreamsGetTheOtherCookiesOnly() throws IOException {
        try (TestGateway gateway = behindAProxy(upstream.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String session = logIn(client, "/orders");
            for (String target : new String[] {"/orders", "/open/page", "/maybe/page"}) {
                upstream.clear();
                assertThat(client.exchange(get(target, "theme=dark", session, "lang=en"))
                                .status())
                        .isEqualTo(200);
                Request request = upstream.lastRequest();
                assertThat(request.value("cookie")).isEqualTo("theme=dark; lang=en");
                assertThat(request.values("authorization")).isEmpty();
            }
        }
    }

    @Test
    void AZ_10_anEndedSessionIsNeverAnonymous() throws IOException {
        try (TestGateway gateway = behindAProxy(upstream.port());
                RawClient client = RawClient.connect(gateway.port())) {
            assertThat(client.exchange(get("/maybe/page")).status()).isEqualTo(200);
            String ended = SESSION + "=" + "A".repeat(43);
            assertThat(client.exchange(get("/maybe/page", ended)).status()).isEqualTo(302);
            Response script =
                    client.exchange("GET /maybe/page HTTP/1.1\r\nHost: app.test\r\nCookie: " + ended + "\r\n\r\n");
            assertThat(script.status()).isEqualTo(401);
            assertThat(script.code()).isEqualTo("session-ended");
            assertThat(script.value("www-authenticate")).startsWith("Session login=");
            assertThat(script.value("set-cookie")).startsWith(SESSION + "=;").contains("Max-Age=0");
        }
    }

    @Test
    void OA_09_aFormOfAnotherSiteIsRefused() throws IOException {
        try (TestGateway gateway = behindAProxy(upstream.port());
                RawClient client = RawClient.connect(gateway.port())) {
            String session = logIn(client, "/orders");
            String post = "POST /orders HTTP/1.1\r\nHost: app.test\r\nCookie: " + session
                    + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nOrigin: %s\r\n\r\n{}";
            Response refused = client.exchange(post.formatted("https://evil.test"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.code()).isEqualTo("csrf");
            assertThat(client.exchange(post.formatted("https://app.test")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void OA_11_logoutOfTheProviderEndsWhatGoesOn() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun";
        try (EvilUpstream endless = EvilUpstream.start(peer -> {
                    peer.readHead();
                    peer.send(head).hold();
                });
                TestGateway gateway = behindAProxy(endless.port());
                RawClient browser = RawClient.connect(gateway.port());
                RawClient stream = RawClient.connect(gateway.port());
                RawClient back = RawClient.connect(gateway.port())) {
            String session = logIn(browser, "/orders");
            stream.send(get("/orders", session));
            assertThat(stream.read(12)).isEqualTo("HTTP/1.1 200");
            String form = "logout_token=" + provider.logoutToken(UnaryOperator.identity());
            Response answer = back.exchange("POST " + Paths.of("web").backChannelLogout()
                    + " HTTP/1.1\r\n"
                    + "Host: app.test\r\n"
                    + "Content-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: "
                    + form.length() + "\r\n\r\n" + form);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(stream.rest()).contains("begun").doesNotEndWith("1000");
            assertThat(back.exchange(get("/orders", session)).status()).isEqualTo(302);
            Eventually.present("the event", () -> gateway.events().contains("session.ended") ? true : null);
        }
    }

    @Test
    void overTlsTheListenerItselfIsTheOrigin() throws Exception {
        TestCertificates authority = TestCertificates.authority("oidc");
        authority.server("localhost", "127.0.0.1").write(folder, "server");
        try (TestGateway gateway = TestGateway.start("""
            version: 1
            listeners:
              public:
                bind: 127.0.0.1:0
                tls: { certificates: [{ chain: %1$s/server.crt, key: %1$s/server.key }] }
            upstreams:
              shop: { endpoints: ["http://127.0.0.1:%2$d"] }
            authenticators:
              web: { kind: oidc, issuer: "%3$s", client: { id: portal, secret: "${file:%1$s/secret}" } }
            routes:
              shop: { match: { hosts: [localhost] }, access: { authenticate: [web] }, upstream: shop }
            """.formatted(folder, upstream.port(), provider.issuer()));
                HttpClient browser =
                        HttpClient.newBuilder().sslContext(trusting(authority)).build()) {
            String url = "https://localhost:" + gateway.port();
            HttpResponse<String> away = open(browser, url + "/orders", "a=b");
            assertThat(away.statusCode()).isEqualTo(302);
            String location = away.headers().firstValue("location").orElseThrow();
            assertThat(FakeProvider.pairs(URI.create(location).getRawQuery()))
                    .containsEntry("redirect_uri", url + Paths.of("web").callback());
            String login = pair(away.headers().firstValue("set-cookie").orElseThrow());
            HttpResponse<String> back = open(
                    browser, url + Paths.of("web").callback() + Query.with("", provider.authorize(location)), login);
            String session = pair(back.headers().firstValue("set-cookie").orElseThrow());
            assertThat(open(browser, url + "/orders", session).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> open(HttpClient browser, String url, String cookie)
            throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Accept", "text/html")
                        .header("Cookie", cookie)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static SSLContext trusting(TestCertificates authority) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
