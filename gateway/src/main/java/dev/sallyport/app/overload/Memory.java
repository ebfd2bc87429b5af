package dev.sallyport.app.overload;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/// How full memory is, the heap or what is outside of it, whichever is fuller.
final class Memory {
    private static final int WHOLE = 1000;

    private final long mostDirect = mostDirect();

    private static long mostDirect() {
        HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long set = machine == null
                ? 0
                : Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
        return set > 0 ? set : Runtime.getRuntime().maxMemory();
    }

    /// In thousandths.
    int permille() {
        return (int) Math.max(heap(), direct());
    }

    /// What was left in the heap when each of its parts was last cleaned; less when less is in use now. What lies
    /// about until then says nothing.
    private static long heap() {
        long left = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage cleaned = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            if (cleaned != null) {
                left += cleaned.getUsed();
            }
        }
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return Math.min(left, used) * WHOLE / Runtime.getRuntime().maxMemory();
    }

    private long direct() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider netty
                ? netty.metric().usedDirectMemory() * WHOLE / mostDirect
                : 0;
    }
}
