package dev.sallyport.extension.authn.apikey.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFormTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @Test
    void AK_02_keysHoldMoreThan160RandomBitsAndHaveAFormThatScannersFind() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String key = KeyForm.make(RANDOM);
            assertThat(key).matches(KeyForm.PATTERN).hasSize(KeyForm.LENGTH);
            ids.add(KeyForm.id(key));
        }
        assertThat(ids).hasSize(1000).doesNotContainNull().allMatch(KeyForm::isId);
        assertThat(27 * Math.log(62) / Math.log(2)).isGreaterThan(160);
    }

    @Property(tries = 500)
    void AK_02_aMistypedKeyIsNone(@ForAll @IntRange(max = KeyForm.LENGTH - 1) int at, @ForAll char other) {
        String key = KeyForm.make(RANDOM);
        StringBuilder mistyped = new StringBuilder(key);
        mistyped.setCharAt(at, other);
        if (other != key.charAt(at)) {
            assertThat(KeyForm.id(mistyped.toString())).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sp_", "sp_abcdefghijkl_", "sp_abcdefghijkl_0123456789012345678901234567890123456"})
    void otherTextsAreNoKeys(String text) {
        assertThat(KeyForm.id(text)).isNull();
    }
}
