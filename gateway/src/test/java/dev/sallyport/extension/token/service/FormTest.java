package dev.sallyport.extension.token.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    private static Form form(String text) throws OAuthException {
        return Form.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhatFormsHold() throws Exception {
        Form form = form("grant_type=client_credentials&scope=a+b%20c&empty=&name=%C3%BC%2B");
        assertThat(form.get("grant_type")).isEqualTo("client_credentials");
        assertThat(form.get("scope")).isEqualTo("a b c");
        assertThat(form.get("name")).isEqualTo("ü+");
        assertThat(form.get("empty")).isNull();
        assertThat(form.get("absent")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=1&a=2", "a=%", "a=%2", "a=%zz", "a=%ff", "a=b c", "a=\u00fc", "a=b\n", "a=%C3%28"})
    void refusesWhatIsTwiceOrNotEncoded(String text) {
        assertThatThrownBy(() -> form(text))
                .isInstanceOfSatisfying(
                        OAuthException.class, e -> assertThat(e.error()).isEqualTo("invalid_request"));
    }

    @Test
    void showsNoValues() throws Exception {
        assertThat(form("client_secret=hidden").toString()).doesNotContain("hidden");
    }
}
