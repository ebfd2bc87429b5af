package dev.sallyport.extension.observe.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.json.JsonPaths;
import dev.sallyport.telemetry.JsonLine;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyRedactionTest {
    private static final String SECRET = "S3cr3tCanary";
    private static final List<String> PATHS =
            List.of("$..pin", "$.card.number", "$.items[*].note", "$.list[1]", "$['with space']", "$.deep..inner");

    private final BodyRedaction redaction = new BodyRedaction(List.of("shop-pin"), JsonPaths.of(PATHS));

    private static String shown(JsonLine line) {
        String text = new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8);
        return text.replace("\\\"", "\"").replace("\\n", "\n").replace("\\\\", "\\");
    }

    private String json(String body, boolean whole) {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        JsonLine line = new JsonLine(64);
        redaction.json(line, octets, octets.length, whole);
        return shown(line);
    }

    private String text(String body) {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        JsonLine line = new JsonLine(64);
        redaction.text(line, octets, octets.length, true);
        return shown(line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"pin":"S3cr3tCanary","a":1}                       | {"pin":"[redacted]","a":1}
                    {"a":{"b":[{"PIN":"S3cr3tCanary"}]}}               | {"a":{"b":[{"PIN":"[redacted]"}]}}
                    {"card":{"number":"S3cr3tCanary","name":"A"}}      | {"card":{"number":"[redacted]","name":"A"}}
                    {"other":{"number":4711}}                          | {"other":{"number":4711}}
                    {"items":[{"note":"S3cr3tCanary"},{"note":1}]}     | {"items":[{"note":"[redacted]"},{"note":"[redacted]"}]}
                    {"list":["a","S3cr3tCanary","c"]}                  | {"list":["a","[redacted]","c"]}
                    {"with space":["S3cr3tCanary",{"x":"y"}]}          | {"with space":"[redacted]"}
                    {"deep":{"x":{"inner":{"y":"S3cr3tCanary"}}}}      | {"deep":{"x":{"inner":"[redacted]"}}}
                    {"inner":"shown"}                                  | {"inner":"shown"}
                    {"p\\u0069n":"S3cr3tCanary"}                       | {"p\\u0069n":"[redacted]"}
                    {"pin" : "S3cr3tCanary" , "pin" : 7 }              | {"pin" : "[redacted]" , "pin" : "[redacted]" }
                    {"password":"S3cr3tCanary"}                        | {"password":"[redacted]"}
                    {"newPassword":"S3cr3tCanary"}                     | {"newPassword":"[redacted]"}
                    {"refresh_token":"S3cr3tCanary"}                   | {"refresh_token":"[redacted]"}
                    {"client-secret":{"value":"S3cr3tCanary"}}         | {"client-secret":"[redacted]"}
                    {"shopPin":"S3cr3tCanary"}                         | {"shopPin":"[redacted]"}
                    {"state":"CA","code":7,"key":"k"}                  | {"state":"CA","code":7,"key":"k"}
                    {"url":"https://a/cb?code=S3cr3tCanary&x=1"}       | {"url":"https://a/cb?code=[redacted]&x=1"}
                    {"x":"{\\"password\\":\\"S3cr3tCanary\\"}"}        | {"x":"{\\"password\\":[redacted]"}
                    [1,true,null,-2.5e3,"é"]                           | [1,true,null,-2.5e3,"é"]
                    {"a":1} {"pin":"S3cr3tCanary"}                     | {"a":1} {"pin":"[redacted]"}
                    """)
    void LG_02_secretsInJsonAreNotShown(String body, String expected) {
        assertThat(json(body, true)).isEqualTo(expected).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,pin:\"S3cr3tCanary\"}",
                "{'pin':'S3cr3tCanary'}",
                "{\"a\":1,/* c */\"x\":\"S3cr3tCanary\"}",
                "{\"a\":1}x\"S3cr3tCanary\"",
                "{\"a\":\"b\nc\",\"x\":\"S3cr3tCanary\"}",
                "{\"a\":\"\\x\",\"x\":\"S3cr3tCanary\"}",
                "{\"a\":tru,\"x\":\"S3cr3tCanary\"}",
                "{\"a\":NaN,\"x\":\"S3cr3tCanary\"}",
                "{\"a\" 1,\"x\":\"S3cr3tCanary\"}",
                "{\"a\":1 \"x\":\"S3cr3tCanary\"}",
                "[1 2,\"S3cr3tCanary\"]",
                "[\"\\uZZZZ\",\"S3cr3tCanary\"]",
                "pin=S3cr3tCanary",
                "{\"pin\":{\"a\":x},\"b\":\"S3cr3tCanary\"}"
            })
    void LG_02_nothingIsShownFromWhereItIsNoJson(String body) {
        assertThat(json(body, true)).doesNotContain(SECRET).endsWith("[no JSON from here]");
        assertThat(json(body, false)).doesNotContain(SECRET);
    }

    @Test
    void LG_02_whatIsTooDeepIsNotShown() {
        String body = "[".repeat(70) + "\"" + SECRET + "\"" + "]".repeat(70);
        assertThat(json(body, true)).doesNotContain(SECRET).endsWith("[no JSON from here]");
    }

    @Test
    void LG_02_aNameTooLongToCompareIsTakenForSecret() {
        assertThat(json("{\"" + "x".repeat(200) + "\":\"" + SECRET + "\"}", true))
                .doesNotContain(SECRET);
    }

    @Property(tries = 3000)
    void LG_02_whereverABodyIsCutNoSecretIsShown(@ForAll @IntRange(min = 0, max = 300) int length) {
        String body = "{\"id\":17,\"pin\":\"" + SECRET + "\",\"card\":{\"holder\":\"Ann\",\"number\":\"" + SECRET
                + "\",\"more\":[1,2,{\"password\":{\"v\":[\"" + SECRET + "\"]}}]},\"n\\u006fte\":\"x\",\"list\":[0,\""
                + SECRET
                + "\"],\"u\":\"/cb?code=" + SECRET + "\"}";
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        byte[] cut = Arrays.copyOf(octets, Math.min(length, octets.length));
        JsonLine line = new JsonLine(16);
        redaction.json(line, cut, cut.length, cut.length == octets.length);
        assertThat(shown(line)).doesNotContain("S3c");
    }

    @Property(tries = 3000)
    void LG_01_anyOctetsStayInsideTheirString(@ForAll byte[] body, @ForAll boolean whole) {
        JsonLine line = new JsonLine(16);
        redaction.json(line, body, body.length, whole);
        redaction.text(line, body, body.length, whole);
        assertThat(new String(line.bytes(), 0, line.length(), StandardCharsets.UTF_8).replaceAll("\\\\.", ""))
                .doesNotContain("\"", "\n", "\r");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    user=ann&password=S3cr3tCanary&x=1          | user=ann&password=[redacted]&x=1
                    user=ann&p%61ssword=S3cr3tCanary            | user=ann&p%61ssword=[redacted]
                    shop_pin=S3cr3tCanary                       | shop_pin=[redacted]
                    {"pin":"S3cr3tCanary"}                      | {"pin":"[redacted]"}
                    data: {"password":"S3cr3tCanary"}           | data: {"password":[redacted]
                    hello world                                 | hello world
                    """)
    void LG_02_secretsInFormsAndTextAreNotShown(String body, String expected) {
        assertThat(text(body)).isEqualTo(expected);
    }

    @Test
    void LG_02_textOfAnotherEncodingIsNotShown() {
        byte[] octets = ("password=" + SECRET).getBytes(StandardCharsets.UTF_16LE);
        JsonLine line = new JsonLine(16);
        redaction.text(line, octets, octets.length, true);
        assertThat(shown(line)).isEqualTo("p[no text from here]");
    }
}
