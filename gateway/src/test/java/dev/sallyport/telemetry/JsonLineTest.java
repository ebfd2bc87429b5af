package dev.sallyport.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLineTest {
    private static byte[] bytes(JsonLine line) {
        return Arrays.copyOf(line.bytes(), line.length());
    }

    private static Object parsed(JsonLine line) {
        JsonLine whole = new JsonLine(4);
        whole.raw("{\"v\":\"".getBytes(StandardCharsets.US_ASCII));
        whole.raw(bytes(line));
        whole.raw("\"}\n".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> object = Json.lines(bytes(whole)).getFirst();
        assertThat(object).hasSize(1);
        return object.values().iterator().next();
    }

    private static JsonLine octets(byte[] octets) {
        JsonLine line = new JsonLine(1);
        line.octets(octets, 0, octets.length);
        return line;
    }

    private static JsonLine text(String text) {
        JsonLine line = new JsonLine(1);
        line.text(text);
        return line;
    }

    @Property(tries = 5000)
    void LG_01_anyOctetsBecomeOneStringOnOneLine(@ForAll byte[] octets) {
        JsonLine line = octets(octets);
        assertThat(bytes(line)).doesNotContain('\n', '\r', 0, 0x1b, 0x7f);
        assertThat(parsed(line)).isInstanceOf(String.class);
    }

    @Property(tries = 5000)
    void validUtf8Survives(@ForAll @StringLength(max = 200) String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        assertThat(parsed(octets(octets))).isEqualTo(new String(octets, StandardCharsets.UTF_8));
    }

    @Property(tries = 5000)
    void textSurvivesExceptForHalfSurrogatePairs(@ForAll char[] chars) {
        StringBuilder expected = new StringBuilder();
        String.valueOf(chars)
                .codePoints()
                .forEach(point -> expected.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point));
        assertThat(parsed(text(String.valueOf(chars)))).isEqualTo(expected.toString());
    }

    @Test
    void everyCodePointSurvives() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += point < 0x3000 ? 1 : 61) {
            if (point < 0xd800 || point > 0xdfff) {
                String text = Character.toString(point);
                assertThat(parsed(text(text))).isEqualTo(text);
                assertThat(parsed(octets(text.getBytes(StandardCharsets.UTF_8))))
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "000a, \\n",
        "000d, \\r",
        "0000, \\u0000",
        "001b, \\u001b",
        "007f, \\u007f",
        "0085, \\u0085",
        "2028, \\u2028",
        "2029, \\u2029",
        "202e, \\u202e",
        "feff, \\ufeff",
        "0022, \\\"",
        "005c, \\\\"
    })
    void LG_01_escapesWhatCanEndALineOrDeceiveAnEye(String point, String escaped) {
        String text = Character.toString(Integer.parseInt(point, 16));
        assertThat(new String(bytes(text(text)), StandardCharsets.US_ASCII)).isEqualTo(escaped);
        assertThat(new String(bytes(octets(text.getBytes(StandardCharsets.UTF_8))), StandardCharsets.US_ASCII))
                .isEqualTo(escaped);
    }

    @ParameterizedTest
    @CsvSource({"ff", "c0af", "e08080", "eda080", "f8888080", "c3", "e282", "f0908080ff", "f4908080"})
    void LG_01_replacesWhatIsNotUtf8(String hex) {
        byte[] octets = java.util.HexFormat.of().parseHex(hex);
        assertThat((String) parsed(octets(octets))).contains("\uFFFD");
    }

    @Property
    void numbersAreDecimal(@ForAll long number) {
        JsonLine line = new JsonLine(1);
        line.number(number);
        assertThat(new String(bytes(line), StandardCharsets.US_ASCII)).isEqualTo(Long.toString(number));
    }

    @Test
    void extremeNumbersAreDecimal() {
        for (long number : new long[] {Long.MIN_VALUE, -1, 0, 9, 10, 99, 100, Long.MAX_VALUE}) {
            numbersAreDecimal(number);
        }
    }

    @Property
    void millisecondsHaveThreeDecimals(@ForAll @LongRange(min = 0) long nanos) {
        JsonLine line = new JsonLine(1);
        line.millis(nanos);
        String expected = BigDecimal.valueOf(nanos / 1000, 3).toPlainString();
        assertThat(new String(bytes(line), StandardCharsets.US_ASCII)).isEqualTo(expected);
    }

    @Property
    void hexHasSixteenDigits(@ForAll long value) {
        JsonLine line = new JsonLine(1);
        line.hex(value);
        assertThat(new String(bytes(line), StandardCharsets.US_ASCII))
                .isEqualTo(java.util.HexFormat.of().toHexDigits(value));
    }
}
