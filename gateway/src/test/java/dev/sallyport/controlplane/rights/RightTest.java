package dev.sallyport.controlplane.rights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The arithmetic of rights.
class RightTest {
    private static final Right A = Right.where("a");
    private static final Right B = Right.where("b");

    @Test
    void alwaysAndNeverAreNeutralAndAbsorbing() {
        assertThat(A.and(Right.ALWAYS)).isEqualTo(A);
        assertThat(A.or(Right.NEVER)).isEqualTo(A);
        assertThat(A.and(Right.NEVER)).isEqualTo(Right.NEVER);
        assertThat(A.or(Right.ALWAYS)).isEqualTo(Right.ALWAYS);
        assertThat(Right.ALWAYS.not()).isEqualTo(Right.NEVER);
        assertThat(Right.NEVER.not()).isEqualTo(Right.ALWAYS);
    }

    @Test
    void whatIsContradictoryNeverHappens() {
        assertThat(A.and(A.not())).isEqualTo(Right.NEVER);
        assertThat(A.or(A.not()).isAlways()).isFalse();
        assertThat(Right.ALWAYS.within(A.or(A.not()))).isTrue();
    }

    @Test
    void moreConditionsAreWithinFewer() {
        assertThat(A.and(B).within(A)).isTrue();
        assertThat(A.within(A.and(B))).isFalse();
        assertThat(A.within(A.or(B))).isTrue();
        assertThat(A.or(B).within(A)).isFalse();
        assertThat(Right.NEVER.within(A)).isTrue();
        assertThat(A.within(Right.NEVER)).isFalse();
        assertThat(A.within(B)).isFalse();
    }

    @Test
    void deniesTheContraryOfSeveralConditions() {
        assertThat(A.and(B).not()).hasToString("not a, or not b");
        assertThat(A.or(B).not()).hasToString("not a and not b");
        assertThat(A.and(B).not().not()).isEqualTo(A.and(B));
    }

    @Test
    void casesTakenTogetherCoverAll() {
        Right split = A.and(B).or(A.and(B.not()));
        assertThat(A.within(split)).isTrue();
        assertThat(split.within(A)).isTrue();
    }

    @Test
    void tooManyWaysAreOneThatIsEqualToItselfOnly() {
        Right many = Right.ALWAYS;
        Right others = Right.ALWAYS;
        for (int i = 0; i < 10; i++) {
            many = many.and(Right.where("a" + i).or(Right.where("b" + i)));
            others = others.and(Right.where("a" + i).or(Right.where("c" + i)));
        }
        assertThat(many).isNotEqualTo(others);
        assertThat(many.within(others)).isFalse();
        assertThat(many.isAlways() || many.isNever()).isFalse();
    }
}
