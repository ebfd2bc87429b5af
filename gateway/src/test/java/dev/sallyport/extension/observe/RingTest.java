package dev.sallyport.extension.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingTest {
    @Test
    void keepsOrder() {
        Ring<Integer> ring = new Ring<>(4);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < 3; i++) {
                assertThat(ring.offer(round * 3 + i)).isTrue();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(ring.poll()).isEqualTo(round * 3 + i);
            }
            assertThat(ring.poll()).isNull();
        }
        assertThat(ring.dropped()).isZero();
    }

    @Test
    void LG_08_dropsAndCountsWhatDoesNotFit() {
        Ring<Integer> ring = new Ring<>(3);
        List<Boolean> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            taken.add(ring.offer(i));
        }
        assertThat(taken).containsExactly(true, true, true, true, false, false);
        assertThat(ring.dropped()).isEqualTo(2);
        assertThat(ring.poll()).isZero();
        assertThat(ring.offer(7)).isTrue();
        assertThat(ring.offer(8)).isFalse();
    }

    @Test
    void nothingIsLostBetweenThreads() throws InterruptedException {
        int each = 100_000;
        int producers = 3;
        Ring<Long> ring = new Ring<>(256);
        List<Thread> threads = new ArrayList<>();
        for (long producer = 0; producer < producers; producer++) {
            long base = producer * each;
            threads.add(Thread.ofPlatform().start(() -> {
                for (long i = 0; i < each; i++) {
                    while (!ring.offer(base + i)) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        long[] next = new long[producers];
        long end = System.nanoTime() + 30_000_000_000L;
        for (int taken = 0; taken < producers * each && System.nanoTime() < end; ) {
            Long element = ring.poll();
            if (element != null) {
                int producer = (int) (element / each);
                assertThat(element % each).isEqualTo(next[producer]++);
                taken++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(next).containsOnly(each);
    }
}
