package dev.sallyport.app;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for things that were started, each under a name.
final class Startup {
    private Startup() {}

    /// Waits for all; what became of those that failed or were not ready in time, by name.
    static Map<String, String> await(Map<String, CompletionStage<?>> starting, Duration within) {
        Map<String, String> problems = new LinkedHashMap<>();
        long deadline = System.nanoTime() + within.toNanos();
        for (Map.Entry<String, CompletionStage<?>> one : starting.entrySet()) {
            try {
                one.getValue().toCompletableFuture().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                problems.put(one.getKey(), String.valueOf(e.getCause()));
            } catch (TimeoutException e) {
                problems.put(one.getKey(), "not ready within " + within);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return problems;
            }
        }
        return problems;
    }
}
