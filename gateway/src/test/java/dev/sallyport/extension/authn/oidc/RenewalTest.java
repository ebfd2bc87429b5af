package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.testing.SteppingServices;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What renewing a session can end in.
class RenewalTest extends SiteTest {
    @Test
    void OA_18_whatGoesOnEndsWithTheSessionThatRenewedClaimsEnd() {
        Site byAddress =
                another(Site.URL, settings -> settings.principal = new PrincipalConfig("email", null, Map.of(), null));
        site.provider.idToken =
                claims -> claims.claim("email", "alice@example.com").claim("email_verified", true);
        Site.Browser browser = byAddress.loggedIn();
        Principal caller = browser.open("/").caller();
        Revocations own = (Revocations) byAddress.authenticator;
        assertThat(own.standing(caller)).isEqualTo(Revocations.Standing.GOOD);
        site.later(Duration.ofSeconds(301));
        site.provider.idToken =
                claims -> claims.claim("email", "alice@example.com").claim("email_verified", false);
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-ended");
        assertThat(own.standing(caller)).isEqualTo(Revocations.Standing.REVOKED);
    }

    @Test
    void OA_10_tokensThatAreNeverFreshAreRenewedOnceForEachRequest() {
        site.provider.expiresIn = 1;
        Services slow = new SteppingServices(site.services, () -> site.later(Duration.ofSeconds(1)));
        Site late = Site.at(Site.URL, site.services, slow, site.provider, settings -> {});
        Site.Browser browser = late.loggedIn();
        late.later(Duration.ofSeconds(1));
        assertThat(browser.fetch(Method.GET, "/").code()).isEqualTo("session-undecided");
        assertThat(site.provider.refreshes()).isEqualTo(1);
    }
}
