package dev.sallyport.extension.authn.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

class JosePropertiesTest {
    @Property
    void JW_08_base64urlIsOneTextForEachOctets(@ForAll @Size(max = 100) byte[] octets) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
        assertThat(Base64Url.decode(text)).isEqualTo(octets);
        assertThat(Base64Url.encode(octets)).isEqualTo(text);
    }

    @Property
    void JW_08_whateverDecodesIsWhatEncodes(
            @ForAll @StringLength(max = 12) @CharRange(from = '+', to = 'z') String text) {
        byte[] octets = Base64Url.decode(text);
        if (octets != null) {
            assertThat(Base64.getUrlEncoder().withoutPadding().encodeToString(octets))
                    .isEqualTo(text);
        }
    }

    @Property
    void readsAnyTextBack(@ForAll String name, @ForAll String value) {
        String json = "{" + quoted(name) + ":" + quoted(value) + "}";
        Map<String, @Nullable Object> read = StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
        boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(name + ' ' + value);
        if (encodable) {
            assertThat(read).containsExactly(Map.entry(name, value));
        }
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c < ' ' || c == '"' || c == '\\' || c % 7 == 0) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }
}
