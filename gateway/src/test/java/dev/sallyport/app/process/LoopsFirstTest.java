package dev.sallyport.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// That it is done is seen from outside of a process, by `ProcessIT`.
class LoopsFirstTest {
    @Test
    void canBeSwitchedOff() {
        assertThat(LoopsFirst.arrange(name -> name.equals("SALLYPORT_LOOPS_FIRST") ? "off" : null))
                .isNull();
    }
}
