package dev.sallyport.app.process;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class LinuxThreadsTest {
    private final LinuxThreads linux = requireNonNull(LinuxThreads.here());

    @Test
    void oneThreadGivesWayAndNoOther() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread other = waiting("to-be-niced", end);
        try {
            int id = idOf("to-be-niced");
            int before = linux.nice(id);
            assertThat(linux.setNice(id, before + 3)).isTrue();
            assertThat(linux.nice(id)).isEqualTo(before + 3);
            assertThat(linux.nice(0)).as("of the test's own thread").isEqualTo(before);
        } finally {
            end.countDown();
            other.join();
        }
    }

    @Test
    void aSliceIsTakenAndChangesNothingElse() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread other = waiting("to-be-sliced", end);
        try {
            int id = idOf("to-be-sliced");
            Duration before = linux.slice(id);
            int nice = linux.nice(id);
            assertThat(linux.setSlice(id, Duration.ofNanos(200_000))).isTrue();
            // a system that has no slices of threads' own goes on having none
            assertThat(linux.slice(id)).isEqualTo(before.isZero() ? Duration.ZERO : Duration.ofNanos(200_000));
            assertThat(linux.nice(id)).isEqualTo(nice);
        } finally {
            end.countDown();
            other.join();
        }
    }

    @Test
    void threadsGiveWayByTheBeginningOfTheirNames() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Thread niced = waiting("gives-way-1", end);
        Thread other = waiting("goes-first-1", end);
        try {
            int usual = linux.nice(0);
            LoopsFirst.giveWay(linux, List.of("nobody", "gives-way-"));
            assertThat(linux.nice(idOf("gives-way-1"))).isEqualTo(Math.min(19, usual + LoopsFirst.NICER));
            assertThat(linux.nice(idOf("goes-first-1"))).isEqualTo(usual);
        } finally {
            end.countDown();
            niced.join();
            other.join();
        }
    }

    @Test
    void aThreadThatIsNotThereIsNotChanged() {
        assertThat(linux.setNice(Integer.MAX_VALUE, 1)).isFalse();
        assertThat(linux.setSlice(Integer.MAX_VALUE, Duration.ofMillis(1))).isFalse();
        assertThat(linux.slice(Integer.MAX_VALUE)).isZero();
    }

    private int idOf(String name) throws Exception {
        return linux.all().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    /// A thread that runs, and so has its name, and waits for `end`.
    private static Thread waiting(String name, CountDownLatch end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name(name).start(() -> {
            begun.countDown();
            await(end);
        });
        begun.await();
        return thread;
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
