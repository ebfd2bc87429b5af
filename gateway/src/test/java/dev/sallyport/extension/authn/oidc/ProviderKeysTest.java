package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How long the keys of a provider count that nobody can ask.
class ProviderKeysTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void JW_18_aStormOfUnknownKeysAsksTheProviderLittle() {
        try (Site site = Site.open(folder)) {
            site.provider.header = header -> new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("unknown");
            for (int i = 0; i < 5; i++) {
                assertThat(site.browser().login("/").code()).isEqualTo("login-tokens");
            }
            assertThat(site.provider.keySetsServed).hasValue(1);
            site.later(Duration.ofSeconds(11));
            assertThat(site.browser().login("/").code()).isEqualTo("login-tokens");
            assertThat(site.provider.keySetsServed).hasValue(2);
        }
    }

    @Test
    void JW_19_keysThatNobodyCouldRenewForADayCountNoMore() {
        try (Site site = Site.open(folder)) {
            site.loggedIn();
            site.provider.keysStatus = 500;
            site.later(Duration.ofHours(23));
            site.loggedIn();
            site.later(Duration.ofHours(2));
            Site.Reply reply = site.browser().login("/");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.code()).isEqualTo("login-unavailable");
            site.provider.keysStatus = 200;
            site.later(Duration.ofSeconds(11));
            site.loggedIn();
        }
    }
}
