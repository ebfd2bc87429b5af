package dev.sallyport.app.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lets event loops go first where they share cores with the rest of the process: what compiles, writes logs, sends
/// traces or samples gives way to requests. Without it, a request that comes while one of those has the core waits
/// until its time slice is over, some milliseconds. Nobody starves: on a core that loops keep busy, the rest together
/// still gets a quarter.
///
/// Both halves are needed. By a nice value alone, whoever has the core keeps it to the end of its slice; by a short
/// slice alone, a loop that has just run is not yet entitled to interrupt its equals.
public final class LoopsFirst {
    /// How much nicer than loops the rest is.
    static final int NICER = 5;
    /// The shortest that Linux knows.
    static final Duration SLICE = Duration.ofNanos(100_000);

    /// Compilers are equals of loops for so long: a gateway that is busy from its first moment on is fast
    /// sooner.
    private static final Duration WARM_UP = Duration.ofMinutes(1);

    private static final String LOOP = "loop-";
    private static final int NICEST = 19;

    /// How the names begin that Linux shows of threads no request waits for. What these start later takes
    /// after them.
    private static final List<String> REST = List.of(
            "ForkJoinPool-", "access-log-", "audit-log", "bug-log", "log-gzip", "otlp-", "sallyport-otlp-", "traces");

    private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

    private LoopsFirst() {}

    /// Arranges it for the threads there are, on a thread of its own. Only on Linux, and only as far as the
    /// system allows; it changes nothing else where it does not.
    ///
    /// @return the thread that does it; null where `environment` has `SALLYPORT_LOOPS_FIRST=off`, for systems
    ///     that kill processes that ask for such a thing
    public static @Nullable Thread arrange(Function<String, @Nullable String> environment) {
        return "off".equals(environment.apply("SALLYPORT_LOOPS_FIRST"))
                ? null
                : Thread.ofPlatform().name("loops-first").daemon(true).start(LoopsFirst::arrangeNow);
    }

    private static void arrangeNow() {
        LinuxThreads linux = LinuxThreads.here();
        if (linux == null) {
            return;
        }
        try {
            shortenSlices(linux);
            giveWay(linux, REST);
            Thread.sleep(WARM_UP);
            giveWay(linux, COMPILERS);
        } catch (IOException _) {
            // no /proc: threads stay equals
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shortenSlices(LinuxThreads linux) throws IOException {
        for (LinuxThreads.OneThread one : linux.all()) {
            if (one.name().startsWith(LOOP)) {
                linux.setSlice(one.id(), SLICE);
            }
        }
    }

    /// Makes threads nicer than this one, whose names begin like one of `names`.
    static void giveWay(LinuxThreads linux, List<String> names) throws IOException {
        int nice = Math.min(NICEST, linux.nice(0) + NICER);
        for (LinuxThreads.OneThread one : linux.all()) {
            if (names.stream().anyMatch(one.name()::startsWith)) {
                linux.setNice(one.id(), nice);
            }
        }
    }
}
