package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Strength;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.http.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Browsers whose session is not strong enough for what they ask.
class StepUpTest {
    private static final Strength GOLD = new Strength(List.of("gold", "silver"), 300);

    @TempDir
    private Path folder = Path.of("");

    private static Exchanges page(Site.Browser browser) {
        return browser.request(Method.GET, "/orders/7?a=b")
                .header("accept", "text/html")
                .header("sec-fetch-mode", "navigate");
    }

    @Test
    void aBrowserThatOpensAPageLogsInAgainAndBetter() {
        try (Site site = Site.open(folder)) {
            Site.Browser browser = site.loggedIn();
            site.later(Duration.ofMinutes(1));
            Site.Reply away = site.stepUp(browser, page(browser), GOLD);
            assertThat(away.asked()).containsEntry("acr_values", "gold silver").containsEntry("max_age", "300");
            String before = browser.session();
            site.provider.idToken = claims -> claims.claim("acr", "gold");
            Site.Reply back = browser.back(site.provider.authorize(away.location()));
            assertThat(back.location()).isEqualTo("/orders/7?a=b");
            assertThat(browser.session()).isNotEqualTo(before);
            assertThat(browser.open("/orders/7").caller().claims().text("acr")).isEqualTo("gold");
        }
    }

    @Test
    void asksForTheShorterOfTwoAges() {
        try (Site site = Site.open(folder)) {
            Site.Browser browser = site.loggedIn();
            site.later(Duration.ofMinutes(1));
            Map<String, String> asked = site.stepUp(
                            browser, page(browser), new Strength(List.of("gold"), Strength.ANY_AGE))
                    .asked();
            assertThat(asked).containsEntry("acr_values", "gold").doesNotContainKey("max_age");
            asked = site.stepUp(browser, page(browser), new Strength(List.of(), 7))
                    .asked();
            assertThat(asked).containsEntry("max_age", "7").doesNotContainKey("acr_values");
        }
    }

    @Test
    void aBrowserThatHasJustLoggedInIsNotSentRoundInCircles() {
        try (Site site = Site.open(folder)) {
            Site.Browser browser = site.loggedIn();
            site.later(Duration.ofSeconds(9));
            assertThat(site.stepUp(browser, page(browser), GOLD).status()).isEqualTo(401);
        }
    }

    @Test
    void scriptsAreToldAndNotRedirected() {
        try (Site site = Site.open(folder)) {
            Site.Browser browser = site.loggedIn();
            site.later(Duration.ofMinutes(1));
            Exchanges script = browser.request(Method.GET, "/orders/7").header("accept", "application/json");
            assertThat(site.stepUp(browser, script, GOLD).status()).isEqualTo(401);
        }
    }
}
