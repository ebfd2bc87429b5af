package dev.sallyport.dataplane.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnCookiesTest {
    private static Exchange keptBack(String cookies) {
        Exchange exchange = Exchanges.request().header("cookie", cookies).exchange();
        OwnCookies.keepBack(exchange);
        return exchange;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sallyport-session-web",
                "__Host-sallyport-session-web",
                "__Secure-sallyport-login-web",
                "SALLYPORT-session-web",
                "__HOST-Sallyport-session-web",
                "__host-sALLYPORT-x"
            })
    void OA_12_ownCookiesInWhateverCaseStayHere(String name) {
        HeaderEdits edits = keptBack("a=1; " + name + "=secret; b=2").requestEdits();
        assertThat(edits.additions()).isEqualTo(1);
        assertThat(edits.name(0)).isEqualTo("cookie");
        assertThat(edits.value(0)).doesNotContain("secret").contains("a=1", "b=2");
    }

    @Test
    void cookiesOfOthersAreLeftAsTheyCame() {
        assertThat(keptBack("a=1; sally=2; port-session=3").requestEditsOrNull())
                .isNull();
    }
}
