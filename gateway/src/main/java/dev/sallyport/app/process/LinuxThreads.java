package dev.sallyport.app.process;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How Linux schedules the threads of this process: their nice values and time slices, by thread id.
final class LinuxThreads {
    private static final int PRIO_PROCESS = 0;
    private static final int ATTRIBUTES = 56;
    private static final int RUNTIME_AT = 24;
    private static final int POLICY_AT = 4;
    private static final int SCHED_OTHER = 0;

    private final MethodHandle getPriority;
    private final MethodHandle setPriority;
    private final MethodHandle sysCall;
    private final SystemCalls numbers;

    private LinuxThreads(SystemCalls numbers) {
        this.numbers = numbers;
        this.getPriority = function(
                "getpriority", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        this.setPriority = function(
                "setpriority",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        this.sysCall = function(
                "syscall",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
    }

    /// Null on other systems, and on processors whose system calls are not known here.
    static @Nullable LinuxThreads here() {
        SystemCalls numbers = SystemCalls.BY_PROCESSOR.get(System.getProperty("os.arch"));
        return numbers == null || !System.getProperty("os.name").equals("Linux") ? null : new LinuxThreads(numbers);
    }

    @SuppressWarnings("restricted") // the forms are those of the manual
    private static MethodHandle function(String name, FunctionDescriptor form, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), form, options);
    }

    /// Every thread of this process that has not ended meanwhile.
    List<OneThread> all() throws IOException {
        List<OneThread> all = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    all.add(new OneThread(Integer.parseInt(task.getFileName().toString()), name));
                } catch (IOException _) {
                    // ended
                }
            }
        }
        return all;
    }

    /// From -20 to 19; the higher, the less of a contended core it gets.
    int nice(int thread) {
        try {
            return (int) getPriority.invokeExact(PRIO_PROCESS, thread);
        } catch (Throwable e) {
            throw new LinkageError("getpriority", e);
        }
    }

    /// Whether the system did it. Less than before is allowed to few.
    boolean setNice(int thread, int nice) {
        try {
            return (int) setPriority.invokeExact(PRIO_PROCESS, thread, nice) == 0;
        } catch (Throwable e) {
            throw new LinkageError("setpriority", e);
        }
    }

    /// How long it may run before others get their turn; zero where the system does not say (before Linux
    /// 6.12, and for threads with a real-time or idle policy).
    Duration slice(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = attributes(arena, thread);
            return Duration.ofNanos(attributes == null ? 0 : attributes.get(ValueLayout.JAVA_LONG, RUNTIME_AT));
        }
    }

    /// Whether the system took it; nothing else about the thread changes. Systems before Linux 6.12 take it
    /// and do nothing.
    boolean setSlice(int thread, Duration slice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = attributes(arena, thread);
            if (attributes == null || attributes.get(ValueLayout.JAVA_INT, POLICY_AT) != SCHED_OTHER) {
                return false;
            }
            attributes.set(ValueLayout.JAVA_LONG, RUNTIME_AT, slice.toNanos());
            return call(numbers.setAttributes(), thread, attributes, 0) == 0;
        }
    }

    /// `struct sched_attr` of a thread, or null where the system does not tell.
    private @Nullable MemorySegment attributes(Arena arena, int thread) {
        MemorySegment attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
        return call(numbers.getAttributes(), thread, attributes, ATTRIBUTES) == 0 ? attributes : null;
    }

    private long call(long number, long thread, MemorySegment attributes, long third) {
        try {
            return (long) sysCall.invokeExact(number, thread, attributes, third, 0L);
        } catch (Throwable e) {
            throw new LinkageError("syscall", e);
        }
    }

    /// @param name at most its first 15 octets
    record OneThread(int id, String name) {}

    /// The numbers of `sched_setattr` and `sched_getattr`, which not every C library has functions for.
    private record SystemCalls(long setAttributes, long getAttributes) {
        static final Map<String, SystemCalls> BY_PROCESSOR =
                Map.of("amd64", new SystemCalls(314, 315), "aarch64", new SystemCalls(274, 275));
    }
}
