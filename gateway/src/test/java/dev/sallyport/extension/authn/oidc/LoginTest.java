package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.oidc.provider.Query;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.testing.AnsweringServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest extends SiteTest {
    private void reopen(Consumer<ProviderSettings> change) {
        site = another(Site.URL, change);
    }

    @Test
    void logsInAndReturnsToThePageFirstAskedFor() {
        Site.Browser browser = site.browser();
        Site.Reply away = browser.open("/orders/7?sort=price&from=2");
        assertThat(away.status()).isEqualTo(302);
        assertThat(away.location()).startsWith(site.provider.issuer() + "/authorize?");
        assertThat(away.headers().first("cache-control")).isEqualTo("no-store");
        Site.Reply back = browser.back(site.provider.authorize(away.location()));
        assertThat(back.status()).isEqualTo(302);
        assertThat(back.location()).isEqualTo("/orders/7?sort=price&from=2");
        Principal caller = browser.open("/orders/7").caller();
        assertThat(caller.id()).isEqualTo(FakeProvider.SUBJECT);
        assertThat(caller.roles()).containsExactly("clerk");
        assertThat(caller.credential().kind()).isEqualTo("oidc");
        assertThat(caller.credential().issuer()).isEqualTo(site.provider.issuer());
        assertThat(caller.credential().client()).isEqualTo(FakeProvider.CLIENT);
        assertThat(caller.credential().id()).isNotNull().isNotEqualTo(browser.session());
    }

    @Test
    void showsItsSecretInTheAuthorizationField() {
        site.loggedIn();
        assertThat(site.provider.tokenAuthorizations).hasSize(1).allMatch(field -> field.startsWith("Basic "));
        assertThat(site.provider.tokenRequests.getFirst()).doesNotContainKey("client_secret");
    }

    @Test
    void showsItsSecretInTheFormWhereToldTo() {
        reopen(settings -> settings.secretPlace = OidcConfig.SecretPlace.POST);
        site.loggedIn();
        assertThat(site.provider.tokenRequests.getFirst()).containsEntry("client_secret", FakeProvider.SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.test",
                "/\\evil.test",
                "\\/evil.test",
                "https:evil.test",
                "https://evil.test/",
                "http://app.test@evil.test/",
                "javascript:alert(1)",
                "/%09/evil.test",
                "/%0d%0aSet-Cookie:a=b",
                "/%5cevil.test",
                "/%2f/evil.test",
                "/.//evil.test",
                "/a/..//evil.test",
                "/a\r\nSet-Cookie: a=b",
                "/\t/evil.test",
                "/ü",
                "evil",
                "?x",
                "*"
            })
    void OA_01_returnsToNothingElsewhere(String target) {
        String query = Query.with("", Map.of("return-to", target));
        Site.Reply reply = site.browser().open(Paths.of(Site.NAME).login() + query);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("login-return");
    }

    @Test
    void OA_01_returnsToAPathOfThisSite() {
        Site.Browser browser = site.browser();
        Site.Reply reply = browser.login(Paths.of(Site.NAME).login() + "?return-to=%2Fa%2F..%2Forders%3Fpage%3D2");
        assertThat(reply.location()).isEqualTo("/orders?page=2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//evil.test/a", "/a\\b", "/a?b\u00fc"})
    void OA_01_aPageThatLooksLikeAnotherHostIsNotReturnedTo(String page) {
        assertThat(site.browser().login(page).location()).isEqualTo("/");
    }

    @Test
    void OA_02_refusesAMissingState() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        answer.remove("state");
        assertRefused(browser.back(answer), 400, "login-callback");
    }

    @Test
    void OA_02_refusesAStateOfAnotherBrowser() {
        Map<String, String> answer = answer(site.browser());
        Site.Browser victim = site.browser();
        victim.open("/orders");
        assertRefused(victim.back(answer), 400, "login-state");
        assertThat(victim.session()).isEqualTo("null");
    }

    @Test
    void OA_02_refusesAStateWithoutTheCookieOfItsBrowser() {
        Map<String, String> answer = answer(site.browser());
        assertRefused(site.browser().back(answer), 400, "login-state");
    }

    @Test
    void OA_02_refusesAStateUsedBefore() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        assertThat(browser.back(answer).status()).isEqualTo(302);
        assertRefused(browser.back(answer), 400, "login-state");
    }

    @Test
    void OA_02_refusesAStateAfterTenMinutes() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        site.later(Duration.ofMinutes(10));
        assertRefused(browser.back(answer), 400, "login-state");
    }

    @Test
    void OA_02_refusesAStateOfAnotherPublicUrl() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        Site.Browser same = another("https://shop.test", settings -> {}).browser();
        same.cookies.putAll(browser.cookies);
        assertRefused(same.back(answer), 400, "login-state");
    }

    @Test
    void OA_02_withoutRoomForStatesNoLoginBegins() {
        Services full = new AnsweringServices(site.services, CompletableFuture.completedStage(SharedState.Mark.FULL));
        Site crowded = Site.at(Site.URL, site.services, full, site.provider, settings -> {});
        assertRefused(crowded.browser().open("/"), 503, "login-limit");
    }

    @Test
    void OA_02_stateIsRandomAndNotTheSession() {
        Site.Browser browser = site.browser();
        String first = String.valueOf(browser.open("/a").asked().get("state"));
        String second = String.valueOf(browser.open("/a").asked().get("state"));
        assertThat(first).hasSize(43).isNotEqualTo(second);
        browser.login("/a");
        assertThat(browser.session()).hasSize(43).isNotIn(first, second);
        assertThat(browser.cookies.values()).doesNotHaveDuplicates();
    }

    @Test
    void severalTabsLogInAtOnce() {
        Site.Browser browser = site.browser();
        Map<String, String> first = site.provider.authorize(browser.open("/a").location());
        Map<String, String> second = site.provider.authorize(browser.open("/b").location());
        assertThat(browser.back(first).location()).isEqualTo("/a");
        assertThat(browser.back(second).location()).isEqualTo("/b");
    }

    @Test
    void OA_03_refusesAnIdTokenWithoutNonce() {
        site.provider.idToken = claims -> claims.claim("nonce", null);
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void OA_03_refusesAnIdTokenWithAnotherNonce() {
        site.provider.idToken = claims -> claims.claim("nonce", "another");
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void OA_04_alwaysSendsAChallengeAndItsVerifier() {
        Site.Browser browser = site.browser();
        Site.Reply away = browser.open("/orders");
        assertThat(away.asked())
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("response_type", "code")
                .containsEntry("redirect_uri", "https://app.test/.sallyport/oidc/web/callback")
                .containsEntry("scope", "openid profile");
        assertThat(away.asked().get("code_challenge")).hasSize(43);
        browser.back(site.provider.authorize(away.location()));
        String verifier = String.valueOf(site.provider.tokenRequests.getFirst().get("code_verifier"));
        assertThat(verifier).hasSize(43).isNotEqualTo(away.asked().get("code_challenge"));
        assertThat(browser.cookies.values()).noneMatch(value -> value.contains(verifier));
        assertThat(away.location()).doesNotContain(verifier);
    }

    @Test
    void OA_03_eachLoginHasANonceOfItsOwn() {
        String first = String.valueOf(site.browser().open("/").asked().get("nonce"));
        String second = String.valueOf(site.browser().open("/").asked().get("nonce"));
        assertThat(first).hasSize(43).isNotEqualTo(second);
    }

    @Test
    void OA_04_redeemsACodeWithTheVerifierOfItsOwnLoginOnly() {
        List<Map<String, Object>> handedOut = new ArrayList<>();
        site.provider.granted = tokens -> {
            handedOut.add(tokens);
            return tokens;
        };
        Site.Browser browser = site.browser();
        Site.Reply mine = browser.open("/orders");
        Site.Reply theirs = site.browser().open("/orders");
        assertThat(mine.asked().get("code_challenge"))
                .isNotEqualTo(theirs.asked().get("code_challenge"));
        Map<String, String> answer = site.provider.authorize(mine.location());
        answer.put(
                "code",
                String.valueOf(site.provider.authorize(theirs.location()).get("code")));
        assertRefused(browser.back(answer), 403, "login-tokens");
        assertThat(handedOut)
                .as("the provider refuses before a nonce could tell")
                .isEmpty();
        site.provider.granted = UnaryOperator.identity();
        browser.login("/orders");
        browser.login(Paths.of(Site.NAME).login());
        assertThat(site.provider.tokenRequests)
                .hasSize(3)
                .extracting(form -> form.get("code_verifier"))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    @Test
    void OA_04_refusesAProviderThatKnowsOnlyPlainChallenges() {
        site.provider.discovery = metadata -> {
            metadata.put("code_challenge_methods_supported", List.of("plain"));
            return metadata;
        };
        site.later(Duration.ofHours(2));
        Site other = otherNode();
        assertRefused(other.browser().open("/"), 503, "login-unavailable");
    }

    @Test
    void OA_05_refusesAnAnswerOfAnotherIssuer() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        answer.put("iss", "https://evil.test");
        assertRefused(browser.back(answer), 400, "login-issuer");
        assertThat(site.provider.tokenRequests).isEmpty();
    }

    @Test
    void OA_05_refusesAnAnswerWithoutIssuerOfAProviderThatNamesItself() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        answer.remove("iss");
        assertRefused(browser.back(answer), 400, "login-issuer");
        assertThat(site.provider.tokenRequests).isEmpty();
    }

    @Test
    void OA_05_eachAuthenticatorHasACallbackOfItsOwn() {
        assertThat(Paths.of("one").callback()).isNotEqualTo(Paths.of("two").callback());
    }

    @Test
    void OA_06_refusesACodeOfAnotherLogin() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        answer.put("code", String.valueOf(answer(site.browser()).get("code")));
        assertRefused(browser.back(answer), 403, "login-tokens");
    }

    @Test
    void OA_06_refusesAParameterTwice() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        assertRefused(browser.open(Site.callback(answer) + "&code=x"), 400, "login-callback");
    }

    @Test
    void OA_07_aLoginMakesANewSessionAndEndsTheOldOne() {
        Site.Browser browser = site.loggedIn();
        String before = browser.session();
        browser.login(Paths.of(Site.NAME).login());
        assertThat(browser.session()).isNotEqualTo(before);
        Site.Browser old = site.browser();
        old.cookies.put("__Host-sallyport-session-web", before);
        assertThat(old.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void OA_07_aPlantedSessionIdIsNeverUsed() {
        Site.Browser browser = site.browser();
        String planted = "A".repeat(43);
        browser.cookies.put("__Host-sallyport-session-web", planted);
        browser.login("/");
        assertThat(browser.session()).isNotEqualTo(planted);
        Site.Browser attacker = site.browser();
        attacker.cookies.put("__Host-sallyport-session-web", planted);
        assertThat(attacker.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void OA_17_refusesMetadataOfAnotherIssuer() {
        site.provider.discovery = metadata -> {
            metadata.put("issuer", "https://evil.test");
            return metadata;
        };
        assertRefused(otherNode().browser().open("/"), 503, "login-unavailable");
    }

    @Test
    void OA_17_refusesPlainHttpEndpoints() {
        site.provider.discovery = metadata -> {
            metadata.put("token_endpoint", "http://evil.test/token");
            return metadata;
        };
        assertRefused(otherNode().browser().open("/"), 503, "login-unavailable");
    }

    @Test
    void OA_18_refusesUserinfoOfSomebodyElse() {
        reopen(settings -> settings.userinfo = true);
        site.provider.userinfo = Map.of("sub", "mallory", "email", "alice@example.com");
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void OA_18_takesClaimsOfUserinfoAfterThoseOfTheIdToken() {
        reopen(settings -> settings.userinfo = true);
        site.provider.userinfo =
                Map.of("sub", FakeProvider.SUBJECT, "email", "alice@example.com", "roles", List.of("admin"));
        Principal caller = site.loggedIn().open("/").caller();
        assertThat(caller.claims().text("email")).isEqualTo("alice@example.com");
        assertThat(caller.roles()).containsExactly("clerk");
    }

    @Test
    void OA_18_anUnverifiedAddressIsNobody() {
        reopen(settings -> settings.principal = new PrincipalConfig("email", null, Map.of(), null));
        site.provider.idToken = claims -> claims.claim("email", "alice@example.com");
        assertRefused(site.browser().login("/"), 403, "login-identity");
        site.provider.idToken =
                claims -> claims.claim("email", "alice@example.com").claim("email_verified", true);
        assertThat(site.loggedIn().open("/").caller().id()).isEqualTo("alice@example.com");
    }

    @Test
    void refusesWhatTheProviderRefuses() {
        Site.Browser browser = site.browser();
        Map<String, String> answer = answer(browser);
        answer.remove("code");
        answer.put("error", "access_denied");
        assertRefused(browser.back(answer), 403, "login-refused");
    }

    @Test
    void refusesAnIdTokenOfAnotherIssuer() {
        refusesIdToken(claims -> claims.issuer("https://evil.test"));
    }

    @Test
    void refusesAnIdTokenForAnotherClient() {
        refusesIdToken(claims -> claims.audience("another"));
    }

    @Test
    void refusesAnIdTokenForSeveralWithoutAuthorizedParty() {
        refusesIdToken(claims -> claims.audience(List.of(FakeProvider.CLIENT, "another")));
    }

    @Test
    void refusesAnIdTokenWithAnotherAuthorizedParty() {
        refusesIdToken(claims -> claims.claim("azp", "another"));
    }

    @Test
    void OA_18_refusesAnIdTokenThatNamesNobody() {
        refusesIdToken(claims -> claims.subject(null));
        refusesIdToken(claims -> claims.subject(""));
        refusesIdToken(claims -> claims.subject("x".repeat(256)));
    }

    @Test
    void refusesTokensWithoutIdToken() {
        site.provider.granted = tokens -> {
            tokens.remove("id_token");
            return tokens;
        };
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void refusesAnExpiredIdToken() {
        refusesIdToken(claims -> claims.expirationTime(seconds(-31)));
    }

    @Test
    void refusesAnIdTokenWithoutEnd() {
        refusesIdToken(claims -> claims.expirationTime(null));
    }

    @Test
    void refusesAnIdTokenOfLongAgo() {
        refusesIdToken(claims -> claims.issueTime(seconds(-700)));
    }

    @Test
    void refusesAnIdTokenOfTheFuture() {
        refusesIdToken(claims -> claims.issueTime(seconds(60)));
    }

    @Test
    void refusesAnIdTokenForAnotherAccessToken() {
        refusesIdToken(claims -> claims.claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
    }

    @Test
    void refusesAnIdTokenOfAnotherType() {
        site.provider.header = header ->
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("key-1").type(new JOSEObjectType("at+jwt"));
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void refusesAnIdTokenSignedByAnotherKeyOfTheSameName() {
        site.loggedIn();
        site.provider.key = FakeProvider.key("key-1");
        assertRefused(site.browser().login("/"), 403, "login-tokens");
    }

    @Test
    void takesANewKeyOfTheProvider() {
        site.loggedIn();
        site.later(Duration.ofSeconds(11));
        site.provider.key = FakeProvider.key("key-2");
        site.loggedIn();
    }

    @Test
    void asksForAStrongAndRecentLogin() {
        reopen(settings -> {
            settings.acrValues = List.of("gold");
            settings.maxAge = Duration.ofMinutes(10);
        });
        Map<String, String> asked = site.browser().open("/").asked();
        assertThat(asked).containsEntry("acr_values", "gold").containsEntry("max_age", "600");
        site.provider.idToken = claims -> claims.claim("acr", "gold");
        assertRefused(site.browser().login("/"), 403, "login-strength");
        site.provider.idToken = claims -> claims.claim("acr", "gold").claim("auth_time", epoch(-700));
        assertRefused(site.browser().login("/"), 403, "login-strength");
        site.provider.idToken = claims -> claims.claim("auth_time", epoch(-5));
        assertRefused(site.browser().login("/"), 403, "login-strength");
        site.provider.idToken = claims -> claims.claim("acr", "gold").claim("auth_time", epoch(-5));
        site.loggedIn();
    }

    @Test
    void answersScriptsWithAStatus() {
        Site.Reply reply = site.browser().fetch(Method.GET, "/api");
        assertRefused(reply, 401, "credential-missing");
        assertThat(site.authenticator.challenges()).containsExactly("Session login=\"/.sallyport/oidc/web/login\"");
        Site.Browser browser = site.browser();
        assertThat(browser.send(browser.request(Method.GET, "/api")
                                .header("accept", "text/html")
                                .header("sec-fetch-mode", "cors"))
                        .status())
                .isEqualTo(401);
        assertThat(browser.send(browser.request(Method.POST, "/api").header("accept", "text/html"))
                        .status())
                .isEqualTo(401);
        assertThat(browser.send(browser.request(Method.GET, "/api")
                                .header("accept", "text/html")
                                .header("authorization", "Bearer x"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void oldBrowsersWithoutFetchMetadataAreLedToTheLogin() {
        Site.Browser browser = site.browser();
        assertThat(browser.send(browser.request(Method.GET, "/").header("accept", "text/html"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void OA_08_logsNobodyInOverPlainHttp() {
        Site plain = another("http://app.test", settings -> {});
        assertRefused(plain.browser().open("/"), 403, "https-required");
        assertRefused(plain.browser().open(Paths.of(Site.NAME).login()), 403, "https-required");
    }

    @Test
    void OA_08_cookiesAreForThisHostAndTlsOnly() {
        Site.Browser browser = site.browser();
        Site.Reply away = browser.open("/");
        assertThat(away.headers().first("set-cookie"))
                .startsWith("__Host-sallyport-login-web=")
                .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")
                .doesNotContain("Domain");
        Site.Reply back = browser.back(site.provider.authorize(away.location()));
        assertThat(back.headers().first("set-cookie"))
                .startsWith("__Host-sallyport-session-web=")
                .contains("; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/")
                .doesNotContain("Domain", "Max-Age")
                .hasSizeLessThan(200);
    }

    @Test
    void developmentOnThisMachineNeedsNoTls() {
        Site local = another("http://localhost:8080", settings -> {});
        Site.Browser browser = local.browser();
        assertThat(browser.login("/orders").location()).isEqualTo("/orders");
        assertThat(browser.cookies).containsOnlyKeys("sallyport-login-web", "sallyport-session-web");
        assertThat(browser.open("/").caller().id()).isEqualTo(FakeProvider.SUBJECT);
        // and such a session is none where there is TLS
        Site.Browser tls = site.browser();
        tls.cookies.putAll(browser.cookies);
        assertThat(tls.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    private void refusesIdToken(UnaryOperator<JWTClaimsSet.Builder> change) {
        site.provider.idToken = change;
        Site.Browser browser = site.browser();
        assertRefused(browser.login("/"), 403, "login-tokens");
        assertThat(browser.session()).isEqualTo("null");
    }

    private long epoch(long fromNow) {
        return site.services.clock().instant().getEpochSecond() + fromNow;
    }

    private Date seconds(long fromNow) {
        return Date.from(site.services.clock().instant().plusSeconds(fromNow));
    }

    private Map<String, String> answer(Site.Browser browser) {
        return new HashMap<>(site.provider.authorize(browser.open("/orders").location()));
    }

    private static void assertRefused(Site.Reply reply, int status, String code) {
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.status()).isEqualTo(status);
    }
}
