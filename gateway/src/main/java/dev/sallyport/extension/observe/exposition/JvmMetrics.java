package dev.sallyport.extension.observe.exposition;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.sallyport.telemetry.Metric;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/// Figures of the Java virtual machine and of the process.
public final class JvmMetrics implements MetricSource {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    @Override
    public void collect(MetricSink sink) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory(sink, "heap", memory.getHeapMemoryUsage());
        memory(sink, "non_heap", memory.getNonHeapMemoryUsage());
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage kept = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            if (kept != null) {
                sink.value(Metrics.JVM_MEMORY_KEPT, kept.getUsed(), pool.getName());
            }
        }
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            sink.value(Metrics.JVM_BUFFER_MEMORY_USED, pool.getMemoryUsed(), pool.getName());
        }
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider netty) {
            sink.value(Metrics.JVM_BUFFER_MEMORY_USED, netty.metric().usedDirectMemory(), "netty");
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            sink.value(Metrics.JVM_GC_TIME, collector.getCollectionTime() / MILLIS, collector.getName());
            sink.value(Metrics.JVM_GC_COLLECTIONS, collector.getCollectionCount(), collector.getName());
        }
        sink.value(Metrics.JVM_THREADS, ManagementFactory.getThreadMXBean().getThreadCount());
        sink.value(
                Metrics.JVM_CLASSES, ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        sink.value(Metrics.PROCESS_UPTIME, ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS);
        process(sink);
    }

    private static void memory(MetricSink sink, String type, MemoryUsage usage) {
        sink.value(Metrics.JVM_MEMORY_USED, usage.getUsed(), type);
        sink.value(Metrics.JVM_MEMORY_COMMITTED, usage.getCommitted(), type);
        known(sink, Metrics.JVM_MEMORY_LIMIT, usage.getMax(), type);
    }

    private static void process(MetricSink sink) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            long nanos = system.getProcessCpuTime();
            if (nanos >= 0) {
                sink.value(Metrics.PROCESS_CPU_TIME, nanos / NANOS);
            }
            if (system instanceof UnixOperatingSystemMXBean unix) {
                known(sink, Metrics.PROCESS_OPEN_FILES, unix.getOpenFileDescriptorCount());
                known(sink, Metrics.PROCESS_MAX_FILES, unix.getMaxFileDescriptorCount());
            }
        }
    }

    /// States a value unless the platform answers that it does not know.
    private static void known(MetricSink sink, Metric metric, long value, String... labels) {
        if (value >= 0) {
            sink.value(metric, value, labels);
        }
    }
}
