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

    private static void onThread(String name, Runnable task) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofPlatform().name(name).start(() -> {
            task.run();
            done.countDown();
        });
        done.await();
    }
}
