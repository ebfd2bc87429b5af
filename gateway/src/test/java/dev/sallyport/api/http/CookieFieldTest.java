package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CookieFieldTest {
    private static final String NAME = "__Host-sallyport-session-web";

    @Test
    void findsACookieAmongOthers() {
        assertThat(CookieField.value(Headers.of("cookie", "a=1; " + NAME + "=abc; b=2"), NAME))
                .isEqualTo("abc");
        assertThat(CookieField.value(Headers.of("cookie", NAME + "=abc"), NAME)).isEqualTo("abc");
    }

    @Test
    void findsACookieInASecondField() {
        assertThat(CookieField.value(Headers.of("cookie", "a=1", "cookie", NAME + "=abc"), NAME))
                .isEqualTo("abc");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a=1",
                NAME,
                NAME + "=",
                NAME + "=\"abc\"",
                NAME + "=a b",
                NAME + "=a,b",
                NAME + "=abc; " + NAME + "=abc",
                NAME + "=abc; x=1; " + NAME + "=other",
                "$Version=1; " + NAME + "=abc",
                NAME + "=abc; $Path=/",
                "\u00e2\u0080\u0080" + NAME + "=abc",
                "__host-sallyport-session-web=abc",
                NAME + " =abc",
                NAME + "x=abc",
                "x" + NAME + "=abc"
            })
    void OA_08_ignoresWhatIsNotExactlyOnePlainCookie(String field) {
        assertThat(CookieField.value(Headers.of("cookie", field), NAME)).isNull();
    }

    @Test
    void OA_08_ignoresOneCookieInEachOfTwoFields() {
        assertThat(CookieField.value(Headers.of("cookie", NAME + "=abc", "cookie", NAME + "=abc"), NAME))
                .isNull();
    }

    @Test
    void OA_12_takesOutPairsByPrefix() {
        assertThat(CookieField.without("a=1; " + NAME + "=abc; b=2", "__host-sallyport-"))
                .isEqualTo("a=1; b=2");
        assertThat(CookieField.without(NAME + "=abc; b=2", "__host-sallyport-")).isEqualTo("b=2");
        assertThat(CookieField.without("a=1; " + NAME + "=abc", "__host-sallyport-"))
                .isEqualTo("a=1");
        assertThat(CookieField.without("a=1;" + NAME + "=abc;  __HOST-sallyport-X=1;c=\"q; 2\"", "__host-sallyport-"))
                .isEqualTo("a=1; c=\"q; 2\"");
        assertThat(CookieField.without(NAME + "=abc", "__host-sallyport-")).isNull();
        assertThat(CookieField.without("a=1;b=2", "__host-sallyport-")).isEqualTo("a=1;b=2");
    }
}
