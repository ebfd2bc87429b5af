package dev.sallyport.testing.guard;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Every leak that Netty's detector reports in this process.
///
/// The detector sees a leak when a tracked object was collected without having been released, and looks for such
/// objects when it begins to track another one.
final class LeakLog {
    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    private LeakLog() {}

    /// Makes Netty report here. Has to come before the first buffer of the process.
    static void install() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation") // abstract in the superclass, so it has to be there
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                    Class<T> resource, int samplingInterval, long maxActive) {
                return new RecordingDetector<>(resource, samplingInterval);
            }
        });
    }

    /// The leaks found since this was last called, after a collection that lets all of them be found.
    static List<String> collect() {
        for (int round = 0; round < 2; round++) {
            awaitCollection();
            for (int i = 0; i < 4; i++) {
                ByteBuf tracked = PooledByteBufAllocator.DEFAULT.heapBuffer(1);
                tracked.release();
            }
        }
        List<String> found = new ArrayList<>(LEAKS);
        LEAKS.removeAll(found);
        return found;
    }

    /// Returns when references to objects that are garbage now have been put into their queues.
    private static void awaitCollection() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        PhantomReference<Object> sentinel = new PhantomReference<>(new Object(), queue);
        try {
            for (int i = 0; i < 20; i++) {
                System.gc();
                if (queue.remove(500) != null) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("no garbage collection found " + sentinel);
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation") // the only constructor besides one that is deprecated more strongly
        RecordingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add("LEAK: " + resourceType + " was never released" + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add("LEAK: " + resourceType + " was never released");
        }
    }
}
