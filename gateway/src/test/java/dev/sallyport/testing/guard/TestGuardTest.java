package dev.sallyport.testing.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class TestGuardTest {
    @Test
    void failsClassThatLeaks() {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(LeakingCase.class))
                                .build(),
                        listener);
        assertThat(listener.getSummary().getTestsSucceededCount()).isEqualTo(1);
        assertThat(listener.getSummary().getFailures())
                .singleElement()
                .extracting(failure -> failure.getException().getMessage())
                .asString()
                .contains("LEAK: ByteBuf", "LeakingCase.leaks");
    }

    static class LeakingCase {
        @Test
        @SuppressWarnings("CheckReturnValue") // dropping it is the point
        void leaks() {
            PooledByteBufAllocator.DEFAULT.directBuffer(16).writeByte(1);
        }
    }

    @Test
    void seesNothingWhenEveryBufferIsReleased() {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
        assertThat(LeakLog.collect()).isEmpty();
    }

    @Test
    void seesLoopThatBlocks() throws InterruptedException {
        try (BlockingLog log = new BlockingLog("watched-loop")) {
            onThread("watched-loop-7", () -> LockSupport.parkNanos(1_000_000));
            Eventually.until("a blocked loop in the log", () -> !log.found().isEmpty());
            assertThat(log.stop()).singleElement().asString().contains("watched-loop-7", "jdk.ThreadPark", "parkNanos");
        }
    }

    @Test
    void letsOtherThreadsBlock() throws InterruptedException {
        try (BlockingLog log = new BlockingLog("watched-loop")) {
            onThread("reload", () -> LockSupport.parkNanos(1_000_000));
            assertThat(log.stop()).isEqualTo(List.of());
        }
    }

    /// What a cold process does once for each class is no mistake of the loop that meets it.
    @Test
    void letsLoopsWaitForAClassThatAnotherThreadInitializes() throws InterruptedException {
        try (BlockingLog log = new BlockingLog("watched-loop")) {
            Thread first = Thread.ofPlatform().start(Slow::touch);
            Slow.Gate.BEGUN.await();
            CountDownLatch reached = new CountDownLatch(1);
            Thread loop = Thread.ofPlatform().name("watched-loop-8").start(() -> {
                reached.countDown();
                Slow.touch();
            });
            reached.await();
            onThread("watched-loop-7", () -> LockSupport.parkNanos(1_000_000));
            Slow.Gate.OPEN.countDown();
            first.join();
            loop.join();
            Eventually.until("what else happened in the log", () -> !log.found().isEmpty());
            assertThat(log.stop()).singleElement().asString().contains("watched-loop-7");
        }
    }

    private static final class Slow {
        private static final class Gate {
            private static final CountDownLatch BEGUN = new CountDownLatch(1);
            private static final CountDownLatch OPEN = new CountDownLatch(1);
        }

        static {
            Gate.BEGUN.countDown();
            try {
                Gate.OPEN.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        static void touch() {}
    }

    private static void onThread(String name, Runnable task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform().name(name).start(() -> {
            task.run();
            done.countDown();
        });
        done.await();
    }
}
