package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.testing.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest extends SiteTest {
    private static final String COOKIE = "__Host-sallyport-session-web";
    private static final String LOGOUT = Paths.of(Site.NAME).logout();

    private int status(String cookieField) {
        Site.Browser browser = site.browser();
        return browser.send(browser.request(Method.GET, "/").header("cookie", cookieField))
                .status();
    }

    // ---- the cookie

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%1$s=%2$s; %1$s=%2$s",
                "%1$s=\"%2$s\"",
                "$Version=1; %1$s=%2$s",
                "\u00e2\u0080\u0080%1$s=%2$s",
                "%1$s=%2$sA",
                "__host-sallyport-session-web=%2$s",
                "sallyport-session-web=%2$s"
            })
    void OA_08_ignoresASessionThatIsNotExactlyOnePlainCookie(String field) {
        String id = site.loggedIn().session();
        assertThat(status(COOKIE + "=" + id)).isEqualTo(200);
        assertThat(status(field.formatted(COOKIE, id))).isEqualTo(401);
    }

    // ---- requests of other sites

    @ParameterizedTest
    @EnumSource(
            value = Method.class,
            names = {"POST", "PUT", "PATCH", "DELETE"})
    void OA_09_refusesUnsafeMethodsThatDoNotSayWhereTheyComeFrom(Method method) {
        Site.Browser browser = site.loggedIn();
        Site.Reply reply = browser.fetch(method, "/orders");
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("csrf");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.test",
                "https://sub.app.test",
                "https://app.test.evil.test",
                "http://app.test",
                "https://app.test:444",
                "https://app.test/",
                "null",
                ""
            })
    void OA_09_refusesOtherOrigins(String origin) {
        Site.Browser browser = site.loggedIn();
        assertThat(browser.post("/orders", "origin", origin).code()).isEqualTo("csrf");
        assertThat(browser.post("/orders", "origin", origin, "content-type", "text/plain")
                        .code())
                .isEqualTo("csrf");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none", "Same-Origin", ""})
    void OA_09_refusesWhatTheBrowserSaysIsOfAnotherSite(String site) {
        Site.Browser browser = this.site.loggedIn();
        assertThat(browser.post("/orders", "sec-fetch-site", site).code()).isEqualTo("csrf");
        assertThat(browser.post("/orders", "origin", "https://app.test", "sec-fetch-site", site)
                        .code())
                .isEqualTo("csrf");
    }

    @Test
    void OA_09_refusesUpgradesOfOtherSites() {
        Site.Browser browser = site.loggedIn();
        assertThat(browser.fetch(Method.GET, "/live", "upgrade", "websocket", "origin", "https://evil.test")
                        .code())
                .isEqualTo("csrf");
        assertThat(browser.fetch(Method.GET, "/live", "upgrade", "websocket", "origin", "https://app.test")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void takesRequestsOfItsOwnPages() {
        Site.Browser browser = site.loggedIn();
        assertThat(browser.post("/orders", "origin", "https://app.test").status())
                .isEqualTo(200);
        assertThat(browser.post("/orders", "sec-fetch-site", "same-origin").status())
                .isEqualTo(200);
        assertThat(browser.post("/orders", "origin", "null", "sec-fetch-site", "same-origin")
                        .status())
                .isEqualTo(200);
        assertThat(browser.fetch(Method.GET, "/orders", "origin", "https://other.test")
                        .status())
                .isEqualTo(200);
    }

    // ---- refresh

    @Test
    void renewsASessionWhenItsTokensExpire() {
        Site.Browser browser = site.loggedIn();
        site.later(Duration.ofSeconds(301));
        site.provider.idToken = claims -> claims.claim("roles", List.of("boss")).claim("nonce", null);
        assertThat(browser.open("/").caller().roles()).containsExactly("boss");
        assertThat(site.provider.refreshes()).isEqualTo(1);
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(site.provider.refreshes()).isEqualTo(1);
        site.later(Duration.ofSeconds(301));
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(site.provider.refreshes()).isEqualTo(2);
    }

    @Test
    void renewsBeforeTheTokensExpireWhileRequestsGoOn() {
        Site.Browser browser = site.loggedIn();
        CountDownLatch held = new CountDownLatch(1);
        site.provider.holdRefresh = held;
        site.later(Duration.ofSeconds(280));
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(browser.open("/").status()).isEqualTo(200);
        held.countDown();
        Eventually.present("a refresh", () -> site.provider.refreshes() == 1 ? true : null);
        site.later(Duration.ofSeconds(200));
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(site.provider.refreshes()).isEqualTo(1);
    }

    @Test
    void OA_10_manyRequestsAtOnceRefreshOnce() throws Exception {
        Site.Browser browser = site.loggedIn();
        Site second = otherNode();
        Map<String, String> cookies = Map.copyOf(browser.cookies);
        CountDownLatch held = new CountDownLatch(1);
        site.provider.holdRefresh = held;
        site.later(Duration.ofSeconds(301));
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Site node = i % 2 == 0 ? site : second;
            all.add(CompletableFuture.supplyAsync(
                    () -> {
                        Site.Browser tab = node.browser();
                        tab.cookies.putAll(cookies);
                        return tab.fetch(Method.GET, "/").status();
                    },
                    Thread::startVirtualThread));
        }
        Eventually.present("a refresh", () -> site.provider.refreshes() > 0 ? true : null);
        held.countDown();
        for (CompletableFuture<Integer> one : all) {
            assertThat(one.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        }
        assertThat(site.provider.refreshes()).isEqualTo(1);
    }

    @Test
    void OA_10_aRefusedRefreshTokenEndsTheSession() {
        Site.Browser browser = site.loggedIn();
        Map<String, String> cookies = Map.copyOf(browser.cookies);
        site.provider.forgetRefreshTokens();
        site.later(Duration.ofSeconds(301));
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
        assertThat(site.provider.refreshes()).isEqualTo(1);
        Site.Browser same = otherNode().browser();
        same.cookies.putAll(cookies);
        assertThat(same.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
        assertThat(site.provider.refreshes()).isEqualTo(1);
    }

    @Test
    void OA_10_eachRefreshTokenIsUsedOnce() {
        Site.Browser browser = site.loggedIn();
        for (int i = 0; i < 3; i++) {
            site.later(Duration.ofSeconds(301));
            assertThat(browser.open("/").status()).isEqualTo(200);
        }
        assertThat(site.provider.tokenRequests.stream().map(form -> form.get("refresh_token")))
                .doesNotHaveDuplicates()
                .hasSize(4);
    }

    @Test
    void OA_10_aRefreshOfAnEndedSessionBringsNothingBack() {
        Site.Browser browser = site.loggedIn();
        String cookie = browser.session();
        CountDownLatch held = new CountDownLatch(1);
        site.provider.holdRefresh = held;
        site.later(Duration.ofSeconds(280));
        assertThat(browser.open("/").status()).isEqualTo(200);
        Eventually.present("a refresh", () -> site.provider.refreshes() == 1 ? true : null);
        assertThat(browser.post(LOGOUT, "origin", "https://app.test").status()).isEqualTo(303);
        held.countDown();
        assertThat(status(COOKIE + "=" + cookie)).isEqualTo(401);
        site.later(Duration.ofSeconds(5));
        assertThat(status(COOKIE + "=" + cookie)).isEqualTo(401);
    }

    @Test
    void aProviderThatDoesNotAnswerEndsNothing() {
        Site.Browser browser = site.loggedIn();
        site.provider.tokenStatus = 503;
        site.later(Duration.ofSeconds(301));
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-undecided");
        site.provider.tokenStatus = 200;
        site.later(Duration.ofSeconds(3));
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_18_refusesRefreshedTokensOfSomebodyElse() {
        Site.Browser browser = site.loggedIn();
        site.provider.idToken = claims -> claims.subject("mallory");
        site.later(Duration.ofSeconds(301));
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
    }

    @Test
    void OA_18_refusesRefreshedTokensOfAnotherLogin() {
        long before = site.services.clock().instant().getEpochSecond() - 60;
        site.provider.idToken = claims -> claims.claim("auth_time", before);
        for (UnaryOperator<JWTClaimsSet.Builder> other : List.<UnaryOperator<JWTClaimsSet.Builder>>of(
                claims -> claims.claim("auth_time", before).claim("nonce", "of another login"),
                claims -> claims.claim("auth_time", before + 1))) {
            site.provider.idToken = claims -> claims.claim("auth_time", before);
            Site.Browser browser = site.loggedIn();
            site.later(Duration.ofSeconds(301));
            site.provider.idToken = other;
            assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
        }
    }

    @Test
    void OA_18_renewedClaimsThatNameNobodyEndTheSession() {
        Site byAddress =
                another(Site.URL, settings -> settings.principal = new PrincipalConfig("email", null, Map.of(), null));
        site.provider.idToken =
                claims -> claims.claim("email", "alice@example.com").claim("email_verified", true);
        Site.Browser browser = byAddress.loggedIn();
        site.later(Duration.ofSeconds(301));
        site.provider.idToken =
                claims -> claims.claim("email", "alice@example.com").claim("email_verified", false);
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
    }

    // ---- logout

    @Test
    void OA_11_logoutEndsTheSessionHereAndAtTheProvider() {
        Site.Browser browser = site.loggedIn();
        String cookie = browser.session();
        Site.Reply reply = browser.post(LOGOUT, "origin", "https://app.test");
        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.location()).startsWith(site.provider.issuer() + "/logout?");
        assertThat(reply.asked())
                .containsEntry("client_id", FakeProvider.CLIENT)
                .containsEntry("post_logout_redirect_uri", "https://app.test/.sallyport/oidc/web/logged-out")
                .containsKeys("id_token_hint", "state");
        assertThat(reply.headers().first("set-cookie"))
                .startsWith(COOKIE + "=;")
                .contains("Max-Age=0");
        assertThat(status(COOKIE + "=" + cookie)).isEqualTo(401);
        String back =
                Paths.of(Site.NAME).loggedOut() + "?state=" + reply.asked().get("state");
        assertThat(browser.open(back).location()).isEqualTo("/bye");
        assertThat(browser.open(back).code()).isEqualTo("logout-state");
    }

    @Test
    void OA_11_nobodyElseLogsABrowserOut() {
        Site.Browser browser = site.loggedIn();
        assertThat(browser.post(LOGOUT).code()).isEqualTo("csrf");
        assertThat(browser.post(LOGOUT, "origin", "https://evil.test").code()).isEqualTo("csrf");
        assertThat(browser.open(LOGOUT).status()).isEqualTo(405);
        assertThat(browser.open("/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_theProviderEndsTheSessionsOfItsSession() {
        Site.Browser browser = site.loggedIn();
        site.provider.sid = "provider-session-2";
        Site.Browser other = site.loggedIn();
        Site.Reply reply = site.backChannel(site.provider.logoutToken(UnaryOperator.identity()));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().first("cache-control")).isEqualTo("no-store");
        assertThat(other.fetch(Method.GET, "/").status()).isEqualTo(401);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_whatGoesOnIsToldOfTheEndOfItsSession() {
        Site second = otherNode();
        Site.Browser browser = site.loggedIn();
        Principal caller = browser.open("/").caller();
        assertThat(standing(site, caller)).isEqualTo(Revocations.Standing.GOOD);
        assertThat(standing(second, caller)).isEqualTo(Revocations.Standing.GOOD);
        site.backChannel(site.provider.logoutToken(UnaryOperator.identity()));
        assertThat(standing(site, caller)).isEqualTo(Revocations.Standing.REVOKED);
        Eventually.present(
                "the other node knows", () -> standing(second, caller) == Revocations.Standing.REVOKED ? true : null);
    }

    private static Revocations.Standing standing(Site node, Principal caller) {
        return node.authenticator instanceof Revocations own ? own.standing(caller) : Revocations.Standing.GOOD;
    }

    @Test
    void OA_11_theProviderEndsAllSessionsOfASubject() {
        Site.Browser browser = site.loggedIn();
        site.provider.sid = "provider-session-2";
        Site.Browser other = otherNode().loggedIn();
        assertThat(site.backChannel(site.provider.logoutToken(claims -> claims.claim("sid", null)))
                        .status())
                .isEqualTo(200);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
        assertThat(other.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void OA_11_refusesForgedLogoutTokens() {
        Site.Browser browser = site.loggedIn();
        Date past = Date.from(site.services.clock().instant().minusSeconds(700));
        refusesLogout(site.provider.logoutToken("JWT", UnaryOperator.identity()));
        refusesLogout(site.provider.logoutToken("at+jwt", UnaryOperator.identity()));
        JWSHeader.Builder untyped = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(site.provider.key.getKeyID());
        refusesLogout(site.provider.logoutToken(untyped, UnaryOperator.identity()));
        refusesLogout(claims -> claims.claim("events", null));
        refusesLogout(claims -> claims.claim("events", Map.of("other", Map.of())));
        refusesLogout(claims -> claims.claim("events", "http://schemas.openid.net/event/backchannel-logout"));
        refusesLogout(claims -> claims.claim("nonce", "n"));
        refusesLogout(claims -> claims.issuer("https://evil.test"));
        refusesLogout(claims -> claims.audience("another"));
        refusesLogout(claims -> claims.expirationTime(past));
        refusesLogout(claims -> claims.expirationTime(null));
        refusesLogout(claims -> claims.issueTime(past));
        refusesLogout(claims -> claims.jwtID(null));
        refusesLogout(claims -> claims.subject(null).claim("sid", null));
        refusesLogout("x.y.z");
        String good = site.provider.logoutToken(UnaryOperator.identity());
        refusesLogout(good.substring(0, good.length() - 4) + "AAAA");
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_aLogoutTokenWorksOnce() {
        String token = site.provider.logoutToken(UnaryOperator.identity());
        assertThat(site.backChannel(token).status()).isEqualTo(200);
        Site.Browser browser = site.loggedIn();
        refusesLogout(token);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_aLogoutTokenIsRememberedForAsLongAsItIsAcceptable() {
        Date end = Date.from(site.services.clock().instant().plusSeconds(120));
        String token = site.provider.logoutToken(claims -> claims.expirationTime(end));
        assertThat(site.backChannel(token).status()).isEqualTo(200);
        site.later(Duration.ofSeconds(120 + 29));
        Site.Browser browser = site.loggedIn();
        refusesLogout(token);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_refusesALogoutTokenThatIsInNoForm() {
        Site.Browser browser = site.loggedIn();
        String token = site.provider.logoutToken(UnaryOperator.identity());
        for (String type : List.of("text/plain", "application/json", "multipart/form-data")) {
            assertThat(site.backChannel(token, type).code()).isEqualTo("login-callback");
        }
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
    }

    @Test
    void OA_11_aLogoutTokenThatNobodyCanVerifyNowCanBeSentAgain() {
        Site.Browser browser = site.loggedIn();
        site.provider.keysStatus = 500;
        Site second = otherNode();
        String token = site.provider.logoutToken(UnaryOperator.identity());
        assertThat(second.backChannel(token).status()).isEqualTo(503);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
        site.provider.keysStatus = 200;
        site.later(Duration.ofSeconds(11));
        assertThat(second.backChannel(token).status()).isEqualTo(200);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    private void refusesLogout(UnaryOperator<JWTClaimsSet.Builder> change) {
        refusesLogout(site.provider.logoutToken(change));
    }

    private void refusesLogout(String token) {
        Site.Reply reply = site.backChannel(token);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().first("cache-control")).isEqualTo("no-store");
        assertThat(reply.body()).contains("invalid_request");
    }

    // ---- the store

    @Test
    void OA_19_endsWhenNotUsed() {
        Site.Browser browser = site.loggedIn();
        site.later(Duration.ofMinutes(30));
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
    }

    @Test
    void staysWhileUsed() {
        site.provider.refreshing = false;
        Site.Browser browser = site.loggedIn();
        for (int i = 0; i < 6; i++) {
            site.later(Duration.ofMinutes(20));
            useIsNoted(browser);
        }
    }

    private byte[] record(Site.Browser browser) {
        byte[] record = site.services
                .state()
                .get("oidc:web", Token.hash(browser.session()))
                .toCompletableFuture()
                .getNow(null);
        return record == null ? new byte[0] : record;
    }

    @Test
    void OA_19_endsAfterItsAbsoluteTime() {
        site.provider.refreshing = false;
        Site.Browser browser = site.loggedIn();
        for (int i = 1; i < 24; i++) {
            site.later(Duration.ofMinutes(20));
            useIsNoted(browser);
        }
        site.later(Duration.ofMinutes(20).minusSeconds(1));
        useIsNoted(browser);
        byte[] record = record(browser);
        assertThat(site.services
                        .state()
                        .replace("oidc:web", Token.hash(browser.session()), record, record, Duration.ofDays(2))
                        .toCompletableFuture()
                        .getNow(false))
                .as("whatever the store still holds")
                .isTrue();
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
        site.later(Duration.ofSeconds(1));
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    /// Uses the session, and waits until it is known to be in use.
    private void useIsNoted(Site.Browser browser) {
        byte[] before = record(browser);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(200);
        Eventually.present("use is noted", () -> Arrays.equals(record(browser), before) ? null : true);
    }

    @Test
    void OA_19_theStoreHoldsNeitherIdsNorTokensNorNames() {
        Site.Browser browser = site.loggedIn();
        browser.open(Paths.of(Site.NAME).login());
        List<String> secrets = new ArrayList<>(browser.cookies.values());
        secrets.addAll(List.of(FakeProvider.SUBJECT, "provider-session-1", "refresh", site.provider.issuer()));
        site.provider.tokenRequests.forEach(form -> secrets.addAll(form.values()));
        for (String space : List.of("oidc:web", "oidc:web:index", "oidc:web:login")) {
            Map<String, byte[]> all =
                    site.services.state().all(space).toCompletableFuture().getNow(Map.of());
            assertThat(all).as(space).isNotEmpty();
            all.forEach((key, value) -> {
                String text = key + new String(value, StandardCharsets.ISO_8859_1);
                secrets.forEach(secret -> assertThat(text).doesNotContain(secret));
            });
        }
    }

    @Test
    void OA_19_aRecordOpensForItsOwnIdOnly() {
        Site.Browser browser = site.loggedIn();
        Site.Browser other = site.loggedIn();
        Map<String, byte[]> all =
                site.services.state().all("oidc:web").toCompletableFuture().getNow(Map.of());
        String key = Token.hash(browser.session());
        String another = Token.hash(other.session());
        byte[] own = all.get(key);
        byte[] moved = all.get(another);
        assertThat(site.services
                        .state()
                        .replace("oidc:web", key, own, moved, Duration.ofHours(1))
                        .toCompletableFuture()
                        .getNow(false))
                .isTrue();
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void OA_19_guessesFindNothing() {
        site.loggedIn();
        assertThat(status(COOKIE + "=" + "A".repeat(43))).isEqualTo(401);
        assertThat(status(COOKIE + "=" + "A".repeat(42))).isEqualTo(401);
        assertThat(status(COOKIE + "=")).isEqualTo(401);
    }

    @Test
    void OA_19_keysAreTheGatewaysOwnAndRotate() throws IOException {
        site.loggedIn();
        Path file = folder.resolve("sessions").resolve("web.keys");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling("."))))
                .isEqualTo("rwx------");
        assertThat(lines(file)).isEqualTo(1);
        site.later(Duration.ofHours(24).minusMinutes(10));
        Site.Browser browser = site.loggedIn();
        site.later(Duration.ofMinutes(11));
        Site.Browser second = site.loggedIn();
        assertThat(lines(file)).isEqualTo(2);
        assertThat(browser.open("/").status()).isEqualTo(200);
        assertThat(second.open("/").status()).isEqualTo(200);
        site.later(Duration.ofHours(40));
        site.loggedIn();
        assertThat(lines(file)).isEqualTo(1);
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    @Test
    void OA_10_sessionsOutliveARestart() {
        Site.Browser browser = site.loggedIn();
        Site restarted = otherNode();
        Site.Browser same = restarted.browser();
        same.cookies.putAll(browser.cookies);
        assertThat(same.open("/").caller().id()).isEqualTo(FakeProvider.SUBJECT);
    }

    @Test
    void sessionsOfAnotherClientAreNone() {
        Site.Browser browser = site.loggedIn();
        Site other = another(Site.URL, settings -> settings.client = "another");
        Site.Browser same = other.browser();
        same.cookies.putAll(browser.cookies);
        assertThat(same.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void aPageAfterTheEndOfASessionLeadsToTheLogin() {
        Site.Browser browser = site.loggedIn();
        site.later(Duration.ofHours(9));
        Site.Reply reply = browser.open("/orders");
        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.location()).startsWith(site.provider.issuer());
    }

    @Test
    void keepsAsManySessionsOfASubjectAsItCan() {
        Site.Browser first = site.loggedIn();
        for (int i = 0; i < 64; i++) {
            site.loggedIn();
        }
        assertThat(first.fetch(Method.GET, "/").status()).isEqualTo(401);
    }
}
