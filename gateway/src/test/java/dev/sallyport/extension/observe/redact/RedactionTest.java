package dev.sallyport.extension.observe.redact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String SECRET = "S3cr3tCanary";
    private static final String TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.MEUCIQDaS3cr3tCanary_-";

    private final Redaction redaction = new Redaction(List.of("X-Internal"), List.of("shop-pin"));

    private static String text(JsonLine line) {
        return new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8);
    }

    private String query(String query) {
        byte[] octets = query.getBytes(StandardCharsets.ISO_8859_1);
        JsonLine line = new JsonLine(64);
        redaction.query(line, octets, 0, octets.length);
        return text(line);
    }

    private String value(String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        JsonLine line = new JsonLine(64);
        redaction.value(line, octets, 0, octets.length);
        return text(line);
    }

    @ParameterizedTest
    @CsvSource({
        "/reset/S3cr3tCanary, /reset/{token}, /reset/[redacted]",
        "/reset/S3cr3tCanary/x, /reset/{reset-token}/x, /reset/[redacted]/x",
        "/a/S3cr3tCanary/b/17/c, /a/{shop_pin}/b/{id}/**, /a/[redacted]/b/17/c",
        "/a/1/S3cr3tCanary, /a/{id}/{password}, /a/1/[redacted]",
        "/S3cr3tCanary, /{apiKey}, /[redacted]",
        "/states/CA/7, /states/{state}/{code}, /states/CA/7",
        "/a/b/c, /**, /a/b/c",
        "/, /, /",
        "/a, /a/**, /a"
    })
    void LG_02_secretParametersOfPathsAreNotShown(String path, String template, String expected) {
        assertThat(redaction.path(path, template)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "access_token",
                "api_key",
                "apikey",
                "key",
                "password",
                "secret",
                "code",
                "state",
                "client_secret",
                "sig",
                "signature",
                // spellings
                "TOKEN",
                "Access-Token",
                "accessToken",
                "X-Api-Key",
                "shop_pin",
                "shopPin",
                // percent-encoded, once and again
                "%74oken",
                "%2574oken",
                "%252574oken",
                "to%6Ben",
                "access%5Ftoken",
                // parts of a name
                "user[password]",
                "user%5Bpassword%5D",
                "filter.token",
                "tokens[0].secret",
                "+token",
                "token%20",
            })
    void LG_02_hidesValuesOfSecretParameters(String name) {
        assertThat(query("a=1&" + name + "=" + SECRET + "&b=2")).isEqualTo("a=1&" + name + "=[redacted]&b=2");
        assertThat(query(name + "%3D" + SECRET)).doesNotContain(SECRET);
        assertThat(query(name + "=" + SECRET)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1;token=S3cr3tCanary",
                "next=/login?token=S3cr3tCanary",
                "next=https%3A%2F%2Fshop%2Fcb%3Fcode%3DS3cr3tCanary%26x%3D1",
                "next=https%253A%252F%252Fshop%253Fcode%253DS3cr3tCanary",
                "password=a;S3cr3tCanary",
                "password=a%26S3cr3tCanary",
                "password=a?S3cr3tCanary=1",
                "password==S3cr3tCanary",
                "q=%7B%22token%22:%22S3cr3tCanary%22%7D",
                "q={\"token\": \"S3cr3tCanary\"}",
                "a#token=S3cr3tCanary",
            })
    void LG_02_hidesSecretsInOddPlaces(String query) {
        assertThat(query(query)).doesNotContain(SECRET).contains("[redacted]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1&b=2",
                "",
                "=",
                "&&",
                "tokens=3",
                "q=token",
                "sort=key&page=2",
                "state&x=1",
                "%zz=1",
                "%",
                "a=%74oken",
                "keyboard=qwerty",
                "monkey=banana"
            })
    void leavesOtherQueriesAsTheyAre(String query) {
        assertThat(query(query)).isEqualTo(query);
    }

    @Property
    void LG_02_noPrefixOrSuffixBringsASecretOut(@ForAll String before, @ForAll String after) {
        assertThat(query(before + "&token=" + SECRET + after)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'/reset/', ''", "'Bearer ', ' tail'", "'a=', '&b=1'", "'eyJ ', ''"})
    void LG_02_hidesWhatHasTheFormOfAToken(String before, String after) {
        assertThat(value(before + TOKEN + after)).isEqualTo(before + "[redacted]" + after);
        assertThat(query(before + TOKEN + after)).doesNotContain(TOKEN.substring(0, 30));
    }

    @Test
    void LG_02_hidesACutToken() {
        assertThat(value(TOKEN.substring(0, 30))).isEqualTo("[redacted]");
    }

    @Test
    void leavesWordsThatBeginLikeTokens() {
        assertThat(value("heyJude/eyJ/eyJab")).isEqualTo("heyJude/eyJ/eyJab");
    }

    @Test
    void LG_02_hidesQueriesInHeaderValues() {
        assertThat(value("https://shop/cb?code=" + SECRET + "&x=1")).isEqualTo("https://shop/cb?code=[redacted]&x=1");
    }

    @Test
    void knowsSecretHeaders() {
        assertThat(List.of("authorization", "cookie", "set-cookie", "x-api-key", "proxy-authorization", "x-internal"))
                .allMatch(redaction::secretHeader);
        assertThat(redaction.secretHeader("accept")).isFalse();
    }

    @Test
    void refusesNamesThatCannotMatch() {
        assertThatThrownBy(() -> new Redaction(List.of(), List.of("--")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--");
    }
}
