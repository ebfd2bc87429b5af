package dev.sallyport.extension.authn.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Spellings of one URI are one; others are not (threat DP-04).
class TargetUriTest {
    private static boolean isAt(String htu, String publicUrl, String path) {
        TargetUri uri = TargetUri.parse(htu);
        return uri != null && uri.isAt(publicUrl, path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.example.com/orders/a~b",
                "HTTPS://API.Example.COM/orders/a~b",
                "https://api.example.com:443/orders/a~b",
                "https://api.example.com./orders/a~b",
                "https://api.example.com/orders/a%7Eb",
                "https://api.example.com/orders/a%7eb",
                "https://api.example.com/x/../orders/./a~b",
                "https://api.example.com/%6Frders/a~b",
                "https://api.example.com/orders/a~b?page=2",
                "https://api.example.com/orders/a~b#top",
                "https://api.example.com/orders/a~b?x#y"
            })
    void DP_04_takesEverySpellingOfTheSameUri(String htu) {
        assertThat(isAt(htu, "https://api.example.com", "/orders/a~b")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.example.com/orders",
                "http://api.example.com:443/orders",
                "https://api.example.com:8443/orders",
                "https://api.example.com:80/orders",
                "https://other.example.com/orders",
                "https://api.example.com.evil.example/orders",
                "https://api.example.com@evil.example/orders",
                "https://user@api.example.com/orders",
                "https://api.example.com/orders/",
                "https://api.example.com/Orders",
                "https://api.example.com/",
                "https://api.example.com",
                "https://api.example.com/orders%2F",
                "https://api.example.com/orders%3Fx",
                "https://api.example.com/orders%00",
                "https://api.example.com/../../orders",
                "https://api.example.com\\orders",
                "https:/api.example.com/orders",
                "https:api.example.com/orders",
                "https:///orders",
                "https://",
                "//api.example.com/orders",
                "/orders",
                "orders",
                "",
                ":",
                "ftp://api.example.com/orders",
                "https ://api.example.com/orders",
                " https://api.example.com/orders",
                "https://api.example.com /orders",
                "https://api.example.com:0443/orders",
                "https://[::1/orders"
            })
    void DP_04_refusesEveryOtherUri(String htu) {
        assertThat(isAt(htu, "https://api.example.com", "/orders")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost, http://localhost:80, /",
        "http://LOCALHOST:8080/, http://localhost:8080, /",
        "https://[2001:DB8::1]:8443/a, https://[2001:db8::1]:8443, /a",
        "https://api.example.com/%C3%BC, https://api.example.com:443, /%C3%BC"
    })
    void DP_04_normalisesThePublicUrlToo(String htu, String publicUrl, String path) {
        assertThat(isAt(htu, publicUrl, path)).isTrue();
    }
}
