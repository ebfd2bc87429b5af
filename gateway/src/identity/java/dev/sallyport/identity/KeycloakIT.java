package dev.sallyport.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.Cookie;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Request;
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
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// A browser (Chromium) logs in at Keycloak through the gateway, over TLS.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeycloakIT {
    private static final String SESSION = "__Host-sallyport-session-browser";
    private static final String MACHINE_SECRET = "machine-secret-of-the-test-realm";
    private static final String PAGE = """
        <!DOCTYPE html><html><head><title>Orders</title></head><body>
        <form method="post" action="/.sallyport/oidc/browser/logout"><button id="logout">Log out</button></form>
        </body></html>\
        """;

    private final Running running;
    private BrowserContext context;
    private Page page;

    /// What all tests share.
    private record Running(
            String gatewayUrl,
            RecordingUpstream upstream,
            TestGateway gateway,
            Keycloak keycloak,
            HttpClient machine,
            Playwright playwright,
            Browser browser) {}

    @SuppressWarnings("NullAway") // set before each test
    KeycloakIT(@TempDir Path folder) throws IOException {
        int port = Keycloak.freePort();
        String url = "https://localhost:" + port;
        TestCertificates authority = TestCertificates.authority("identity tests");
        authority.server("localhost", "127.0.0.1").write(folder, "server");
        Path trust = Files.writeString(folder.resolve("authority.pem"), authority.pem());
        Keycloak keycloak = Keycloak.start(folder, url, trust);
        RecordingUpstream upstream = RecordingUpstream.start().answer(request -> html(PAGE));
        TestGateway gateway =
                TestGateway.start("""
                    version: 1
                    listeners:
                      public:
                        bind: 127.0.0.1:%1$d
                        tls: { certificates: [{ chain: %2$s/server.crt, key: %2$s/server.key }] }
                    upstreams:
                      shop: { endpoints: ["http://127.0.0.1:%3$d"] }
                    authenticators:
                      browser:
                        kind: oidc
                        issuer: %4$s
                        client: { id: portal, secret: "${file:%2$s/secret}" }
                        principal: { id: preferred_username }
                        after-logout: /bye
                      tokens: { kind: jwt, issuer: "%4$s", audience: orders-api }
                      bound: { kind: jwt, issuer: "%4$s", audience: orders-api, bound-to: [dpop] }
                      asked:
                        kind: introspection
                        endpoint: %4$s/protocol/openid-connect/token/introspect
                        client: { id: machine, secret: "${file:%2$s/machine-secret}" }
                    routes:
                      tokens: { match: { hosts: [localhost], path: /tokens }, access: { authenticate: [tokens] }, upstream: shop }
                      bound: { match: { hosts: [localhost], path: /bound }, access: { authenticate: [bound] }, upstream: shop }
                      asked: { match: { hosts: [localhost], path: /asked }, access: { authenticate: [asked] }, upstream: shop }
                      bye: { match: { hosts: [localhost], path: /bye }, access: public, respond: { status: 200, body: bye } }
                      shop: { match: { hosts: [localhost] }, access: { authenticate: [browser] }, upstream: shop }
                    """.formatted(port, secretIn(folder), upstream.port(), keycloak.issuer()));
        Playwright playwright = Chromium.playwright();
        Browser browser = Chromium.launch(playwright);
        HttpClient machine =
                HttpClient.newBuilder().sslContext(trusting(authority)).build();
        running = new Running(url, upstream, gateway, keycloak, machine, playwright, browser);
    }

    private static Path secretIn(Path folder) throws IOException {
        Files.writeString(folder.resolve("secret"), "portal-secret-of-the-test-realm\n");
        Files.writeString(folder.resolve("machine-secret"), MACHINE_SECRET + "\n");
        return folder;
    }

    private static SSLContext trusting(TestCertificates authority) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String html(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @AfterAll
    void stop() throws IOException {
        running.playwright.close();
        running.machine.close();
        running.gateway.close();
        running.upstream.close();
        running.keycloak.close();
    }

    @BeforeEach
    void openBrowser() {
        running.upstream.clear();
        context = running.browser.newContext(new Browser.NewContextOptions().setIgnoreHTTPSErrors(true));
        page = context.newPage();
    }

    @AfterEach
    void closeBrowser() {
        context.close();
    }

    private void logIn(String target) {
        page.navigate(running.gatewayUrl + target);
        assertThat(page.url()).startsWith(running.keycloak.issuer());
        page.fill("#username", "alice");
        page.fill("#password", "alice-password");
        page.click("#kc-login");
        page.waitForURL(running.gatewayUrl + target);
    }

    private int statusOf(String target) {
        Response response = page.navigate(running.gatewayUrl + target);
        return response == null ? 0 : response.status();
    }

    private String fetched(String method) {
        return String.valueOf(page.evaluate(
                "method => fetch('/api', { method, redirect: 'manual' }).then(r => r.status + ' ' + r.type)", method));
    }

    @Test
    void aBrowserLogsInAndReturnsToThePageFirstAskedFor() {
        logIn("/orders?page=2");
        assertThat(page.title()).isEqualTo("Orders");
        Request request = running.upstream.requests().stream()
                .filter(one -> one.target().equals("/orders?page=2"))
                .findFirst()
                .orElseThrow();
        assertThat(request.values("cookie")).isEmpty();
        assertThat(request.values("authorization")).isEmpty();
        Cookie session = context.cookies(running.gatewayUrl).stream()
                .filter(cookie -> cookie.name.equals(SESSION))
                .findFirst()
                .orElseThrow();
        assertThat(session.value).hasSize(43);
        assertThat(session.httpOnly).isTrue();
        assertThat(session.secure).isTrue();
        assertThat(session.path).isEqualTo("/");
        assertThat(fetched("GET")).isEqualTo("200 basic");
        assertThat(fetched("POST")).isEqualTo("200 basic");
    }

    @Test
    void scriptsWithoutASessionGet401() {
        page.navigate(running.gatewayUrl + "/bye");
        assertThat(fetched("GET")).isEqualTo("401 basic");
    }

    @Test
    void aSessionIsRenewedWhenItsTokensExpire() throws IOException {
        logIn("/orders");
        String user = running.keycloak.userId("alice");
        String before = lastAccess(running.keycloak.sessions(user));
        Eventually.present("a refresh at Keycloak", () -> {
            assertThat(fetched("GET")).isEqualTo("200 basic");
            try {
                return lastAccess(running.keycloak.sessions(user)).equals(before) ? null : true;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String lastAccess(String sessions) {
        int at = sessions.indexOf("\"lastAccess\":");
        return at < 0 ? "" : sessions.substring(at, sessions.indexOf(',', at));
    }

    @Test
    void aBrowserLogsOutHereAndAtKeycloak() throws IOException {
        logIn("/orders");
        String cookie = sessionCookie();
        page.click("#logout");
        page.waitForURL(running.gatewayUrl + "/bye");
        assertThat(sessionCookie()).isEmpty();
        // the session is over, not only forgotten by the browser
        context.addCookies(List.of(new Cookie(SESSION, cookie)
                .setUrl(running.gatewayUrl)
                .setSecure(true)
                .setHttpOnly(true)));
        assertThat(fetched("GET")).isEqualTo("401 basic");
        statusOf("/orders");
        assertThat(page.url()).startsWith(running.keycloak.issuer());
        assertThat(page.isVisible("#username")).isTrue();
    }

    private String sessionCookie() {
        return context.cookies(running.gatewayUrl).stream()
                .filter(one -> one.name.equals(SESSION))
                .map(one -> one.value)
                .findFirst()
                .orElse("");
    }

    @Test
    void keycloakEndsASessionByBackChannelLogout() throws IOException {
        logIn("/orders");
        assertThat(fetched("GET")).isEqualTo("200 basic");
        running.keycloak.logOut(running.keycloak.userId("alice"));
        Eventually.present("the end of the session", () -> fetched("GET").equals("401 basic") ? true : null);
        assertThat(running.gateway.events()).as(running.gateway.logText()).contains("back-channel logout");
    }

    // ---- machines

    /// The status of a request with these fields.
    private int machine(String target, String... fields) throws Exception {
        return ask(target, fields).statusCode();
    }

    private HttpResponse<Void> ask(String target, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(running.gatewayUrl + target));
        for (int i = 0; i < fields.length; i += 2) {
            request.header(fields[i], fields[i + 1]);
        }
        return running.machine.send(request.build(), HttpResponse.BodyHandlers.discarding());
    }

    @Test
    void takesTokensOfKeycloaksClientCredentials() throws Exception {
        String token = running.keycloak.clientToken("machine", MACHINE_SECRET);
        assertThat(machine("/tokens", "Authorization", "Bearer " + token)).isEqualTo(200);
        assertThat(machine("/tokens", "Authorization", "Bearer " + token.substring(0, token.length() - 6) + "AAAAAA"))
                .isEqualTo(401);
        assertThat(machine("/tokens")).isEqualTo(401);
    }

    @Test
    void asksKeycloakAboutTokens() throws Exception {
        String token = running.keycloak.clientToken("machine", MACHINE_SECRET);
        assertThat(machine("/asked", "Authorization", "Bearer " + token)).isEqualTo(200);
        assertThat(machine("/asked", "Authorization", "Bearer not-a-token-of-keycloak"))
                .isEqualTo(401);
    }

    @Test
    void takesBoundTokensOfTheirSenderOnly() throws Exception {
        DpopKey own = new DpopKey();
        String endpoint = running.keycloak.issuer() + "/protocol/openid-connect/token";
        String token = running.keycloak.clientToken(
                "bound", "bound-secret-of-the-test-realm", "DPoP", own.proof("POST", endpoint, null, null));
        assertThat(bound(own, token)).isEqualTo(200);
        assertThat(bound(new DpopKey(), token)).isEqualTo(401);
        assertThat(machine("/bound", "Authorization", "Bearer " + token)).isEqualTo(401);
        assertThat(machine("/tokens", "Authorization", "Bearer " + token)).isEqualTo(401);
    }

    /// The status of a request with a proof of `key`, with a nonce where the gateway wants one.
    private int bound(DpopKey key, String token) throws Exception {
        String url = running.gatewayUrl + "/bound";
        HttpResponse<Void> answer =
                ask("/bound", "Authorization", "DPoP " + token, "DPoP", key.proof("GET", url, token, null));
        String nonce = answer.headers().firstValue("dpop-nonce").orElse(null);
        return answer.statusCode() == 200 || nonce == null
                ? answer.statusCode()
                : machine("/bound", "Authorization", "DPoP " + token, "DPoP", key.proof("GET", url, token, nonce));
    }
}
