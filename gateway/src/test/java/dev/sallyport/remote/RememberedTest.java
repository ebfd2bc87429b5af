package dev.sallyport.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private static Fingerprint hash(int number) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((byte) number);
            digest.update((byte) (number >> 8));
            return Fingerprint.of(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void knowsATokenUntilItsTime() {
        Remembered<String> remembered = new Remembered<>(16);
        remembered.put(hash(1), "ada", 100, 200);
        assertThat(remembered.get(hash(1), 199)).isEqualTo("ada");
        assertThat(remembered.get(hash(1), 200)).isNull();
        assertThat(remembered.get(hash(2), 150)).isNull();
    }

    @Test
    void keepsTheLatest() {
        Remembered<String> remembered = new Remembered<>(16);
        remembered.put(hash(1), "old", 100, 200);
        remembered.put(hash(1), "new", 150, 300);
        assertThat(remembered.get(hash(1), 160)).isEqualTo("new");
        assertThat(remembered.get(hash(1), 299)).isEqualTo("new");
    }

    @Test
    void neverRemembersWhatHasPassed() {
        Remembered<String> remembered = new Remembered<>(16);
        remembered.put(hash(1), "ada", 100, 100);
        assertThat(remembered.get(hash(1), 99)).isNull();
    }

    @Test
    void OA_13_findsByTheWholeFingerprint() {
        Remembered<String> remembered = new Remembered<>(16);
        remembered.put(new Fingerprint(1, 2, 3, 4), "ada", 100, 200);
        assertThat(remembered.get(new Fingerprint(1, 2, 3, 4), 150)).isEqualTo("ada");
        for (Fingerprint other : List.of(
                new Fingerprint(0, 2, 3, 4),
                new Fingerprint(1, 18, 3, 4),
                new Fingerprint(1, 2, 0, 4),
                new Fingerprint(1, 2, 3, 0))) {
            assertThat(remembered.get(other, 150)).isNull();
        }
    }

    @Test
    void goesOnWhenTheClockPassesItsGreatestValue() {
        Remembered<String> remembered = new Remembered<>(16);
        remembered.put(hash(1), "ada", Long.MAX_VALUE, Long.MAX_VALUE + 10);
        assertThat(remembered.get(hash(1), Long.MIN_VALUE + 5)).isEqualTo("ada");
        assertThat(remembered.get(hash(1), Long.MIN_VALUE + 9)).isNull();
    }

    @Test
    void isBoundedAndGivesNobodyWhatIsKnownOfAnother() {
        Remembered<Integer> remembered = new Remembered<>(64);
        for (int i = 0; i < 10_000; i++) {
            remembered.put(hash(i), i, 0, 1000 + i);
            assertThat(remembered.get(hash(i), 0)).isEqualTo(i);
        }
        long known = IntStream.range(0, 10_000)
                .filter(i -> {
                    Integer found = remembered.get(hash(i), 0);
                    assertThat(found == null || found == i).isTrue();
                    return found != null;
                })
                .count();
        assertThat(known).isBetween(32L, 64L);
    }
}
