package dev.sallyport.extension.authn.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.testing.TestKey;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompactTokenTest {
    private static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"k1\"}";
    private static final String CLAIMS = "{\"sub\":\"anna\"}";

    private static String base64(String text) {
        return TestKey.base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String header) {
        return base64(header) + "." + base64(CLAIMS) + ".AAAA";
    }

    private static CompactToken read(String token) {
        return CompactToken.read(token, JoseHeader.Rules.KNOWN_KEY);
    }

    private static TokenFault fault(String token) {
        return read(token) instanceof CompactToken.Malformed(TokenFault fault) ? fault : TokenFault.REPLAYED;
    }

    @Test
    void readsASignedToken() {
        assertThat(read(token(HEADER))).isInstanceOfSatisfying(CompactToken.Jws.class, jws -> {
            assertThat(jws.header().algorithm()).isEqualTo("ES256");
            assertThat(jws.header().keyId()).isEqualTo("k1");
            assertThat(jws.signature()).hasSize(3);
            assertThat(jws.claims()).isNotNull();
            assertThat(jws.signedLength()).isEqualTo(token(HEADER).lastIndexOf('.'));
        });
    }

    @Test
    void readsAnEncryptedToken() {
        String header = base64("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"cty\":\"JWT\"}");
        assertThat(read(header + "..AAAA.AAAA.AAAA")).isInstanceOfSatisfying(CompactToken.Jwe.class, jwe -> {
            assertThat(jwe.header().encryption()).isEqualTo("A128GCM");
            assertThat(jwe.header().holdsToken()).isTrue();
            assertThat(jwe.encryptedKey()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":1}",
                "{\"alg\":[\"ES256\"]}",
                "{\"typ\":\"JWT\"}",
                "[\"ES256\"]",
                "null",
                "",
                "{\"alg\":\"ES256\",\"alg\":\"none\"}",
                "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\"}"
            })
    void JW_01_refusesHeadersWithoutOneAlgorithm(String header) {
        assertThat(fault(token(header))).isEqualTo(TokenFault.HEADER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a.b", "a.b.c.d", "a.b.c.d.e.f", "abcdef"})
    void JW_08_takesWhatHasOtherPartsForNoToken(String text) {
        assertThat(read(text)).isInstanceOf(CompactToken.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"jku\":\"https://evil.example/keys\"",
                "\"x5u\":\"https://evil.example/cert\"",
                "\"x5c\":[\"MIIB\"]",
                "\"jwk\":{\"kty\":\"EC\"}"
            })
    void JW_06_refusesKeysThatTokensBringAlong(String member) {
        assertThat(fault(token("{\"alg\":\"ES256\"," + member + "}"))).isEqualTo(TokenFault.HEADER);
    }

    @Test
    void JW_06_takesAKeyWithAProofOnly() {
        String proof = token("{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\"}}");
        assertThat(CompactToken.read(proof, JoseHeader.Rules.EMBEDDED_KEY)).isInstanceOf(CompactToken.Jws.class);
        String text = token("{\"alg\":\"ES256\",\"jwk\":\"EC\"}");
        assertThat(CompactToken.read(text, JoseHeader.Rules.EMBEDDED_KEY)).isInstanceOf(CompactToken.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crit\":[\"x\"],\"x\":1",
                "\"crit\":[]",
                "\"crit\":[\"alg\"]",
                "\"crit\":\"exp\"",
                "\"crit\":null",
                "\"crit\":[\"b64\"],\"b64\":false",
                "\"b64\":false",
                "\"b64\":true"
            })
    void JW_07_refusesWhateverIsCritical(String members) {
        assertThat(fault(token("{\"alg\":\"ES256\"," + members + "}"))).isEqualTo(TokenFault.HEADER);
    }

    static Stream<Arguments> JW_08_forms() {
        String good = token(HEADER);
        String[] parts = good.split("\\.", -1);
        return Stream.of(
                Arguments.of("padding", parts[0] + "=." + parts[1] + "." + parts[2]),
                Arguments.of("standard alphabet", "e+/." + parts[1] + "." + parts[2]),
                Arguments.of("space", parts[0] + " ." + parts[1] + "." + parts[2]),
                Arguments.of("newline", parts[0] + ".\n" + parts[1] + "." + parts[2]),
                Arguments.of("not ASCII", parts[0] + "." + parts[1] + ".\u0100AAA"),
                Arguments.of("trailing bits", parts[0] + "." + parts[1] + ".AB"),
                Arguments.of("five characters", parts[0] + "." + parts[1] + ".AAAAA"),
                Arguments.of("four parts", good + ".AAAA"),
                Arguments.of("four parts of a JWE", token("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}") + ".AAAA"),
                Arguments.of("JSON serialization", "{\"payload\":\"" + parts[1] + "\",\"signatures\":[]}"),
                Arguments.of("byte order mark", token("\ufeff" + HEADER)),
                Arguments.of("UTF-16", TestKey.base64(HEADER.getBytes(StandardCharsets.UTF_16)) + ".AAAA.AAAA"),
                Arguments.of("lone surrogate", token("{\"alg\":\"ES256\",\"kid\":\"\\ud800\"}")),
                Arguments.of(
                        "overlong UTF-8",
                        TestKey.base64("{\"alg\":\"\u00c0\u00af\"}".getBytes(StandardCharsets.ISO_8859_1))
                                + ".AAAA.AAAA"),
                Arguments.of("something behind", token(HEADER + "{}")),
                Arguments.of("no JSON", token(HEADER.substring(1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("JW_08_forms")
    void JW_08_refusesAllButStrictCompactForm(String name, String token) {
        assertThat(read(token)).isInstanceOf(CompactToken.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"a\",\"sub\":\"b\"}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":1e400}",
                "{\"a\":NaN}",
                "{\"a\":9223372036854775808}",
                "{\"a\":'x'}",
                "{\"a\":\"\\x41\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":tru}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":[1,]}",
                "{\"a\":\"x}",
                "{\"a\":/**/1}"
            })
    void JW_08_JW_09_refusesLaxJson(String json) {
        assertThat(StrictJson.object(json.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void JW_08_goesNoDeeperThanSixteen() {
        assertThat(nested(16)).isNotNull();
        assertThat(nested(17)).isNull();
        assertThat(nested(100_000)).isNull();
    }

    private static @Nullable Object nested(int depth) {
        String json = "{\"a\":" + "[".repeat(depth - 1) + "]".repeat(depth - 1) + "}";
        return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void JW_09_readsNumbersThatFit() {
        String json = "{\"a\":0,\"b\":-1,\"c\":1.5,\"d\":1e3,\"e\":9223372036854775807,\"f\":-0}";
        assertThat(StrictJson.object(json.getBytes(StandardCharsets.UTF_8)))
                .containsEntry("a", 0L)
                .containsEntry("b", -1L)
                .containsEntry("c", 1.5)
                .containsEntry("d", 1000.0)
                .containsEntry("e", Long.MAX_VALUE)
                .containsEntry("f", 0L);
        String digits = "{\"a\":" + "1".repeat(400) + "}";
        assertThat(StrictJson.object(digits.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void JW_15_refusesCompression() {
        String header = base64("{\"alg\":\"dir\",\"enc\":\"A128GCM\",\"zip\":\"DEF\"}");
        assertThat(fault(header + "..AAAA.AAAA.AAAA")).isEqualTo(TokenFault.HEADER);
        assertThat(fault(token("{\"alg\":\"ES256\",\"zip\":\"DEF\"}"))).isEqualTo(TokenFault.HEADER);
    }

    @Test
    void JW_17_readsNoLargeTokens() {
        assertThat(fault("a".repeat(CompactToken.LARGEST + 1))).isEqualTo(TokenFault.TOO_LARGE);
        String many = "{\"a\":[" + "1,".repeat(1000) + "1]}";
        assertThat(StrictJson.object(many.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void JW_05_readsNoLongKeyIds() {
        assertThat(read(token("{\"alg\":\"ES256\",\"kid\":\"" + "k".repeat(256) + "\"}")))
                .isInstanceOf(CompactToken.Jws.class);
        assertThat(fault(token("{\"alg\":\"ES256\",\"kid\":\"" + "k".repeat(257) + "\"}")))
                .isEqualTo(TokenFault.HEADER);
        assertThat(fault(token("{\"alg\":\"ES256\",\"kid\":7}"))).isEqualTo(TokenFault.HEADER);
    }

    @Test
    void encryptedFormAndHeaderBelongTogether() {
        String encrypted = base64("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}");
        assertThat(fault(encrypted + ".AAAA.AAAA")).isEqualTo(TokenFault.HEADER);
        assertThat(fault(base64(HEADER) + "..AAAA.AAAA.AAAA")).isEqualTo(TokenFault.HEADER);
    }

    @Test
    void comparesTypesAsMediaTypes() {
        JoseHeader header =
                ((CompactToken.Jws) read(token("{\"alg\":\"ES256\",\"typ\":\"application/AT+JWT\"}"))).header();
        assertThat(header.isType("at+jwt")).isTrue();
        assertThat(header.isType("jwt")).isFalse();
    }
}
