package dev.sallyport.extension.authn.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordHashTest {
    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void argon2idTellsRightFromWrong() {
        PasswordHash hash = PasswordHash.argon2id("correct horse", new SecureRandom());
        PasswordHash read = PasswordHash.parse(hash.text());
        assertThat(hash.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(read.matches(octets("correct horse"))).isTrue();
        assertThat(read.matches(octets("correct horsf"))).isFalse();
        assertThat(read.matches(octets(""))).isFalse();
        assertThat(read.toString()).isEqualTo("***");
        assertThat(PasswordHash.argon2id("correct horse", new SecureRandom()).text())
                .isNotEqualTo(hash.text());
    }

    @Test
    void bcryptTellsRightFromWrong() {
        PasswordHash hash = PasswordHash.bcrypt("correct horse", new SecureRandom());
        assertThat(hash.text()).startsWith("$2b$12$");
        assertThat(PasswordHash.parse(hash.text()).matches(octets("correct horse")))
                .isTrue();
        assertThat(PasswordHash.parse(hash.text()).matches(octets("correct horsf")))
                .isFalse();
    }

    @Test
    void bcryptTakesNothingItCannotTellApart() {
        String longest = "x".repeat(72);
        PasswordHash hash = PasswordHash.bcrypt(longest, new SecureRandom());
        assertThat(hash.matches(octets(longest))).isTrue();
        assertThat(hash.matches(octets(longest + "y"))).isFalse();
        assertThatThrownBy(() -> PasswordHash.bcrypt(longest + "y", new SecureRandom()))
                .hasMessageContaining("73 octets");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swordfish | not a hash",
                "'$argon2i$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$ABEiM0RVZneImaq7zN3u/w' | not a hash",
                "'$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRz$ABEiM0RVZneImaq7zN3u/w' | argon2id m=64 (expected: 7168 to",
                "'$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHRz$ABEiM0RVZneImaq7zN3u/w' | argon2id m=9999999",
                "'$argon2id$v=19$m=19456,t=99,p=1$c29tZXNhbHRz$ABEiM0RVZneImaq7zN3u/w' | argon2id t=99",
                "'$argon2id$v=19$m=19456,t=2,p=0$c29tZXNhbHRz$ABEiM0RVZneImaq7zN3u/w' | argon2id p=0",
                "'$2b$04$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234' | bcrypt cost=4 (expected: 10 to 14)",
                "'$2b$31$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234' | bcrypt cost=31",
            })
    void AK_09_refusesWeakAndAbsurdOnesWithoutShowingThem(String text, String problem) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem)
                .hasMessageNotContaining("c29tZXNhbHR")
                .hasMessageNotContaining("swordfish")
                .hasMessageNotContaining("ABCDEF");
    }
}
