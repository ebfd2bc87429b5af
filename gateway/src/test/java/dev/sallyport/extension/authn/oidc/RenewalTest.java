package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.testing.SteppingServices;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Sessions whose tokens age faster than they are renewed.
class RenewalTest extends SiteTest {
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
