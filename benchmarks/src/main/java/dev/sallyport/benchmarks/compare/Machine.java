package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What Linux tells of CPU time and memory, in seconds and bytes.
final class Machine {
    private static final double TICKS_PER_SECOND = 100;

    private Machine() {}

    /// User and system time of a process and its living descendants since they began.
    static double cpuSeconds(ProcessHandle process) {
        return family(process).mapToDouble(Machine::ownCpuSeconds).sum();
    }

    /// Resident memory of a process and its living descendants; pages they share are counted once for each.
    static long residentBytes(ProcessHandle process) {
        return family(process)
                .mapToLong(member -> {
                    for (String line : lines(Path.of("/proc/" + member.pid() + "/status"))) {
                        if (line.startsWith("VmRSS:")) {
                            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                        }
                    }
                    return 0;
                })
                .sum();
    }

    /// CPU time of children of this JVM that have ended and were waited for, such as load generators.
    static double endedChildrenSeconds() {
        String[] fields = afterName(lines(Path.of("/proc/self/stat")));
        return fields.length == 0 ? 0 : (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
    }

    /// Time all cores were busy, and time the host took away, since boot.
    static Busy busy() {
        String[] fields = lines(Path.of("/proc/stat")).getFirst().split("\\s+", -1);
        double busy = 0;
        for (int field : new int[] {1, 2, 3, 6, 7}) { // user, nice, system, irq, softirq
            busy += Double.parseDouble(fields[field]);
        }
        return new Busy(busy / TICKS_PER_SECOND, Double.parseDouble(fields[8]) / TICKS_PER_SECOND);
    }

    /// Cores of the machine, also those that this JVM is not pinned to.
    static int cores() {
        return (int) lines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("processor"))
                .count();
    }

    /// One line about processor, cores, memory and kernel; nothing that identifies the machine.
    static String description() {
        String model = lines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown processor");
        String memory = lines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\D", "");
        return "%s, %d cores, %d GiB, Linux %s"
                .formatted(
                        model,
                        cores(),
                        Math.round(Long.parseLong(memory) / 1048576.0),
                        System.getProperty("os.version").replaceAll("^(\\d+\\.\\d+).*", "$1"));
    }

    private static Stream<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    private static double ownCpuSeconds(ProcessHandle process) {
        String[] fields = afterName(lines(Path.of("/proc/" + process.pid() + "/stat")));
        return fields.length == 0 ? 0 : (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /// The fields behind the command's name, which may itself hold spaces: index 0 is the state.
    private static String[] afterName(List<String> stat) {
        if (stat.isEmpty()) {
            return new String[0];
        }
        String line = stat.getFirst();
        return line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException _) {
            return List.of(); // the process has just ended
        }
    }

    /// Seconds of work and seconds stolen by the host, summed over cores.
    record Busy(double seconds, double stolen) {}
}
