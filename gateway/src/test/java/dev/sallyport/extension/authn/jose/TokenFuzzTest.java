package dev.sallyport.extension.authn.jose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.api.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Whatever octets come as a token: the parsers end, and take nothing that a reader which shares no code with them
/// reads otherwise.
class TokenFuzzTest {
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @FuzzTest(maxDuration = "2m")
    void token(byte[] data) {
        switch (CompactToken.read(data, JoseHeader.Rules.KNOWN_KEY)) {
            case CompactToken.Jws jws -> {
                String text = new String(data, StandardCharsets.ISO_8859_1);
                assertThat(text.split("\\.", -1)).hasSize(3);
                assertThat(text).endsWith("." + encoded(jws.signature()));
                assertThat(jws.header().all())
                        .doesNotContainKeys("crit", "b64", "jku", "x5u", "x5c", "jwk", "zip", "enc");
                assertThat(jws.header().algorithm()).isNotNull();
            }
            case CompactToken.Jwe jwe -> {
                assertThat(new String(data, StandardCharsets.ISO_8859_1)).endsWith("." + encoded(jwe.tag()));
                assertThat(jwe.header().all()).doesNotContainKeys("crit", "zip");
            }
            case CompactToken.Malformed malformed ->
                assertThat(malformed.fault()).isNotNull();
        }
    }

    private static String encoded(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    @FuzzTest(maxDuration = "2m")
    void json(byte[] data) {
        Map<String, @Nullable Object> read = StrictJson.object(data);
        if (read != null) {
            assertThat(read).isEqualTo(jackson(data));
        }
    }

    /// The object as Jackson reads it, which must not fail.
    private static Object jackson(byte[] data) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), data)) {
            parser.nextToken();
            Object value = value(parser);
            assertThat(parser.nextToken()).isNull();
            return String.valueOf(value).isEmpty() ? Map.of() : java.util.Objects.requireNonNull(value);
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> items = new java.util.ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                yield items;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new AssertionError(parser.currentToken());
        };
    }
}
