package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "EXAMPLE.com, example.com, -1",
        "example.com., example.com, -1",
        "example.com.:8080, example.com, 8080",
        "localhost:65535, localhost, 65535",
        "my_service:1, my_service, 1",
        "xn--bcher-kva.example, xn--bcher-kva.example, -1",
        "127.0.0.1:80, 127.0.0.1, 80",
        "255.255.255.255, 255.255.255.255, -1",
        "1a.2b, 1a.2b, -1",
        "[::1], [::1], -1",
        "[::]:443, [::], 443",
        "[0:0:0:0:0:0:0:1]:443, [::1], 443",
        "[2001:DB8:0:0:1:0:0:1], [2001:db8::1:0:0:1], -1",
        "[2001:db8:0:1:1:1:1:1], [2001:db8:0:1:1:1:1:1], -1",
        "[1::], [1::], -1",
        "[1:2:3:4:5:6:7:8], [1:2:3:4:5:6:7:8], -1",
        "[::ffff:10.0.0.1], [::ffff:a00:1], -1",
        "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0], -1"
    })
    void HD_01_bringsAuthoritiesIntoOneSpelling(String text, String host, int port) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                ".a",
                "a..",
                "a..b",
                "a, b",
                "a,b",
                "a b",
                " a",
                "a ",
                "a/b",
                "a@b",
                "user:pw@a",
                "a?b",
                "a#b",
                "a\\b",
                "a%2eb",
                "a\u0000b",
                "b\u00fccher.example",
                "a:",
                "a:0",
                "a:080",
                "a:99999",
                "a:65536",
                "a:-1",
                "a:+1",
                "a:8o",
                "a:80:80",
                "a:80 ",
                ":80",
                "a:123456",
                "a*b",
                "*.a",
                "a~b",
                "a'b",
                "a;b"
            })
    void HD_01_refusesWhatIsNoHostAndPort(String text) {
        assertThat(Authority.parse(text)).as(text).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[]",
                "[::1",
                "::1",
                "1::",
                "[::1]x",
                "[::1]80",
                "[::1]:",
                "[:::1]",
                "[1::2::3]",
                "[1]",
                "[:1]",
                "[1:2:3:4:5:6:7]",
                "[1:2:3:4:5:6:7:8:9]",
                "[1:2:3:4:5:6:7:8::]",
                "[::12345]",
                "[::g]",
                "[fe80::1%25eth0]",
                "[fe80::1%eth0]",
                "[v1.a]",
                "[::1.2.3]",
                "[::1.2.3.256]",
                "[1:2:3:4:5:6:7:1.2.3.4]",
                "[1.2.3.4]",
                "[::1.2.3.4:5]",
                "[1:]",
                "[::1:]",
                "[ ::1]",
                "[127.0.0.1]"
            })
    void HD_01_refusesWhatIsNoIpv6Address(String text) {
        assertThat(Authority.parse(text)).as(text).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "127.1",
                "127.0.1",
                "0127.0.0.1",
                "127.0.0.01",
                "256.0.0.1",
                "1.2.3.4.5",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "a.1",
                "1.2.3.0x4",
                "a.0x",
                "017700000001",
                "1.2.3.4.5."
            })
    void refusesNamesThatOthersReadAsAddresses(String text) {
        assertThat(Authority.parse(text)).as(text).isNull();
    }

    @Test
    void PA_20_refusesPathsInHost() {
        assertThat(Authority.parse("example.com/abc?bar=")).isNull();
    }

    @Test
    void limitsLabelsAndNames() {
        String label = "a".repeat(63);
        String name = String.join(".", label, label, label, "a".repeat(61));
        assertThat(Authority.parse(name)).isEqualTo(new Authority(name, -1));
        assertThat(Authority.parse(name + ".:65535")).isEqualTo(new Authority(name, 65535));
        assertThat(Authority.parse(name + "a")).isNull();
        assertThat(Authority.parse(label + "a")).isNull();
        assertThat(Authority.parse("b." + label + "a.b")).isNull();
        assertThat(Authority.parse("a.".repeat(10_000))).isNull();
    }

    @Test
    void writesItself() {
        assertThat(new Authority("a", -1)).hasToString("a");
        assertThat(new Authority("[::1]", 80)).hasToString("[::1]:80");
    }
}
