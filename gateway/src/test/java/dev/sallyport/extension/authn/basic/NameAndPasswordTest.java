package dev.sallyport.extension.authn.basic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameAndPasswordTest {
    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann:secret", "Jürgen:pässwörd", "a:", "a:b:c", "ann:\uD83D\uDE00", "ann: "})
    void AK_08_takesNamesAndPasswordsInUtf8(String text) {
        NameAndPassword shown = Objects.requireNonNull(NameAndPassword.parse(basic(text)));
        assertThat(shown.name() + ":" + new String(shown.password(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(shown.name()).doesNotContain(":");
        assertThat(shown.toString()).endsWith(":***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !!!!",
                "Basic YTpi=",
                "Basic YTp",
                "Basic YTpiYw",
                "Basic YTpi YTpi",
                "Basic YTpi,YTpi",
                "Basic YW5u",
                "Basic OnNlY3JldA==",
                "Basic YQA6Yg==",
                "Basic YTpiAA==",
                "Basic YTpiCg==",
                "Basic /zph",
                "Basic YTr/",
                "Basic wIA6YQ==",
                "Basic YTrtoIA="
            })
    void AK_08_refusesNoColonNoNameNulControlsBadBase64AndBadUtf8(String value) {
        assertThat(NameAndPassword.isOf(value)).isTrue();
        assertThat(NameAndPassword.parse(value)).isNull();
    }

    @Test
    void AK_08_refusesWhatIsTooLong() {
        assertThat(NameAndPassword.parse(basic("ann:" + "x".repeat(500)))).isNotNull();
        assertThat(NameAndPassword.parse(basic("ann:" + "x".repeat(1_000)))).isNull();
        assertThat(NameAndPassword.parse("Basic " + "A".repeat(1 << 20))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer YTpi", "Basics YTpi", "Basic:YTpi", "BasicYTpi", "asic YTpi"})
    void leavesOtherSchemesToOthers(String value) {
        assertThat(NameAndPassword.isOf(value)).isFalse();
    }

    @Property(tries = 500)
    void AK_08_neverThrows(@ForAll String text) {
        NameAndPassword.parse("Basic " + text);
        NameAndPassword shown = NameAndPassword.parse("bAsIc  " + basic(text).substring(6));
        assertThat(shown == null || text.startsWith(shown.name() + ":")).isTrue();
    }
}
