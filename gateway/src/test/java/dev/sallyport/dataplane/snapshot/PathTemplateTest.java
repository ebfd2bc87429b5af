package dev.sallyport.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {
    @Test
    void splitsIntoSegments() {
        PathTemplate template = PathTemplate.parse("/v1/{tenant}/orders/{order-id}/**");
        assertThat(template.segments()).containsExactly("v1", "{tenant}", "orders", "{order-id}");
        assertThat(template.names()).containsExactly("tenant", "order-id");
        assertThat(template.open()).isTrue();
        assertThat(template.shape()).isEqualTo("/v1/{}/orders/{}/**");
        assertThat(template).hasToString("/v1/{tenant}/orders/{order-id}/**");
    }

    @Test
    void keepsTrailingSlashApart() {
        assertThat(PathTemplate.parse("/").segments()).containsExactly("");
        assertThat(PathTemplate.parse("/a").segments()).containsExactly("a");
        assertThat(PathTemplate.parse("/a/").segments()).containsExactly("a", "");
        assertThat(PathTemplate.parse("/**").segments()).isEmpty();
        assertThat(PathTemplate.parse("/**").open()).isTrue();
        assertThat(PathTemplate.parse("/a/").shape())
                .isNotEqualTo(PathTemplate.parse("/a").shape());
    }

    @Test
    void isEqualByText() {
        assertThat(PathTemplate.parse("/{a}"))
                .isEqualTo(PathTemplate.parse("/{a}"))
                .hasSameHashCodeAs("/{a}");
        assertThat(PathTemplate.parse("/{a}")).isNotEqualTo(PathTemplate.parse("/{b}"));
        assertThat(PathTemplate.parse("/{a}").shape())
                .isEqualTo(PathTemplate.parse("/{b}").shape());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a;b", "/a%2Fb", "/a%20b", "/%C3%A4", "/a.b", "/$metadata", "/v1:batch", "/a%25"})
    void takesCanonicalLiterals(String text) {
        assertThat(PathTemplate.parse(text).text()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "orders, does not begin with a slash (expected: /orders)",
        "'', does not begin with a slash (expected: /)",
        "*, does not begin with a slash (expected: /*)",
        "/a//b, empty segment",
        "//, empty segment",
        "//**, empty segment",
        "/a//**, empty segment",
        "/**/a, {name} for one segment",
        "/a**, {name} for one segment",
        "/*, {name} for one segment",
        "/files/*.txt, {name} for one segment",
        "/a{b}, a parameter is a whole segment",
        "/{a}b, a parameter is a whole segment",
        "/{a}{b}, parameter name 'a}{b'",
        "/{}, parameter name ''",
        "/{1a}, parameter name '1a'",
        "/{a b}, parameter name 'a b'",
        "/{a}/x/{a}, parameter {a} occurs twice",
        "/{rest}/**, another name",
        "/a/../b, no dot segments",
        "/a/., no dot segments",
        "/%7Euser, expected: ~user",
        "/%c3%a4, expected: %C3%A4",
        "/a b, other characters escaped",
        "/ä, other characters escaped",
        "/a?b, other characters escaped",
        "/a#b, other characters escaped",
        "/a%zz, other characters escaped"
    })
    void refusesWithWhatWouldBeRight(String text, String message) {
        assertThatThrownBy(() -> PathTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void limitsSegments() {
        assertThat(PathTemplate.parse("/a".repeat(64)).segments()).hasSize(64);
        assertThatThrownBy(() -> PathTemplate.parse("/a".repeat(65))).hasMessageContaining("65 segments");
    }

    @ParameterizedTest
    @CsvSource({
        "API.example.com, expected: api.example.com",
        "*.Example.com., expected: *.example.com",
        "a:80, expected: a",
        "*, no host",
        "*.*.a, no host",
        "a*.b, no host",
        "*., no host",
        "*.[::1], no host",
        "a b, no host",
        "'', no host",
        "[0::1], expected: [::1]"
    })
    void refusesHostsThatAreNotCanonical(String host, String message) {
        PathTemplate path = PathTemplate.parse("/");
        assertThatThrownBy(() -> new RouteMatch(List.of(host), Set.of(), path, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(host + ": ")
                .hasMessageContaining(message);
    }
}
