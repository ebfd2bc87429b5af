package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/// Starting other programs on chosen cores, and making sure that none outlives this one.
final class Tools {
    /// The gateway under test has this core for itself; load generator and upstream share the other.
    static final String GATEWAY_CORE = "0";

    static final String LOAD_CORE = "1";
    static final String BOTH_CORES = "0,1";
    private static final int LONGEST_END_SECONDS = 10;

    private static final Queue<Process> STARTED = new ConcurrentLinkedQueue<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Tools::endAll));
    }

    private Tools() {}

    static List<String> pinned(String cores, List<String> command) {
        List<String> line = new ArrayList<>(List.of("taskset", "-c", cores));
        line.addAll(command);
        return line;
    }

    static void endWithThisJvm(Process process) {
        STARTED.removeIf(other -> !other.isAlive());
        STARTED.add(process);
    }

    /// Runs a program to its end and returns what it printed; it is stopped after `seconds`.
    static String output(int seconds, List<String> command) throws IOException, InterruptedException {
        List<String> bounded = new ArrayList<>(List.of("timeout", String.valueOf(seconds)));
        bounded.addAll(command);
        Process process = new ProcessBuilder(bounded).redirectErrorStream(true).start();
        endWithThisJvm(process);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    /// Ends a process and all that it started.
    static void end(Process process) {
        List<ProcessHandle> family = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private static void endAll() {
        STARTED.forEach(Tools::end);
    }
}
