package dev.sallyport.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPathsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$",
                "$.a",
                "$..a",
                "$.a_1.B",
                "$['a b']",
                "$['it\\'s']",
                "$['back\\\\slash']",
                "$[*]",
                "$[0]",
                "$.a[12]['b'].c..d",
                "$.größe"
            })
    void takesWhatItUnderstands(String path) {
        assertThat(JsonPaths.of(List.of(path))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                ".a",
                "$.",
                "$..",
                "$a",
                "$.a-b",
                "$.1a",
                "$.*",
                "$..*",
                "$..[0]",
                "$[a]",
                "$['']",
                "$['a",
                "$['a\\x']",
                "$[\"a\"]",
                "$[-1]",
                "$[01]",
                "$[1234567]",
                "$[0:2]",
                "$[?@.a]",
                "$['a','b']",
                "$.a b"
            })
    void saysWhatItExpectsOtherwise(String path) {
        assertThatThrownBy(() -> JsonPaths.of(List.of(path)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(path + " (expected: a path of $, .name, ..name");
    }

    @Test
    void hasRoomForSoManySteps() {
        List<String> most = Collections.nCopies(JsonPaths.MOST_STEPS, "$.a");
        assertThat(JsonPaths.secret(member(JsonPaths.of(most), "a"))).isTrue();
        assertThatThrownBy(() -> JsonPaths.of(Collections.nCopies(JsonPaths.MOST_STEPS + 1, "$.a")))
                .hasMessageContaining("at most 63 steps");
        assertThatThrownBy(() -> JsonPaths.of(List.of("$." + "a".repeat(129))))
                .hasMessageContaining("at most 128 octets");
    }

    @Test
    void theWholeMayBeSecret() {
        assertThat(JsonPaths.secret(JsonPaths.of(List.of("$")).root())).isTrue();
        assertThat(JsonPaths.secret(JsonPaths.NONE.root())).isFalse();
    }

    private static long member(JsonPaths paths, String name) {
        byte[] octets = name.getBytes(StandardCharsets.UTF_8);
        return paths.member(paths.root(), octets, octets.length);
    }
}
