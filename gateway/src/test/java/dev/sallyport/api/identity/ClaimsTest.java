package dev.sallyport.api.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimsTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 32, 33, 200})
    void areTheMapTheyWereMadeOf(int count) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            values.put("name" + i, "value" + i);
        }
        values.put("nothing", null);
        Claims claims = Claims.of(values);
        values.remove("nothing");
        assertThat(claims.all()).isEqualTo(values).hasSize(count);
        assertThat(values).isEqualTo(claims.all());
        assertThat(claims.all().keySet()).containsExactlyElementsOf(values.keySet());
        assertThat(claims.all().hashCode()).isEqualTo(values.hashCode());
        assertThat(claims.all().get("nothing")).isNull();
        assertThat(claims.all().containsKey("nothing")).isFalse();
        assertThat(claims).isEqualTo(Claims.of(values)).hasSameHashCodeAs(Claims.of(values));
    }

    @Test
    void nothingCanBeChanged() {
        Map<String, Object> inner = new LinkedHashMap<>(Map.of("b", "c"));
        List<@Nullable Object> list = new ArrayList<@Nullable Object>(Arrays.<@Nullable Object>asList("x", null, 7));
        Claims claims = Claims.of(Map.of("a", inner, "list", list));
        inner.put("b", "changed");
        list.set(0, "changed");
        assertThat(claims.text("a.b")).isEqualTo("c");
        assertThat(claims.at("list")).isEqualTo(List.of("x", 7L));
        assertThatThrownBy(() -> claims.all().put("z", "z")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> claims.all().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> claims.all().entrySet().iterator().next().setValue("z"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aNameWithDotsComesBeforeAPath() {
        Claims claims = Claims.of(Map.of("a.b", "whole", "a", Map.of("b", "path", "c", Map.of("d.e", "deep"))));
        assertThat(claims.text("a.b")).isEqualTo("whole");
        assertThat(claims.text("a.c.d.e")).isEqualTo("deep");
        assertThat(claims.text("a.x")).isNull();
        assertThat(claims.text("a")).isNull();
    }

    @Test
    void halfAListOfTextsIsNone() {
        Claims claims = Claims.of(Map.of("good", List.of("a", "b"), "bad", List.of("a", 1), "text", "a,b"));
        assertThat(claims.texts("good")).containsExactly("a", "b");
        assertThat(claims.texts("bad")).isEmpty();
        assertThat(claims.texts("text")).isEmpty();
    }
}
