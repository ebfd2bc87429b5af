package dev.sallyport.benchmarks.compare;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything that was measured, in the order in which peers took their turns.
final class Results {
    private final Map<Stage, Map<String, List<Round>>> rounds = new EnumMap<>(Stage.class);
    private final Map<String, List<Start>> starts = new LinkedHashMap<>();
    private final Map<String, Long> memoryUnderLoad = new LinkedHashMap<>();
    private final Map<String, Double> rates = new LinkedHashMap<>();

    void add(Stage stage, String peer, Round round) {
        rounds.computeIfAbsent(stage, _ -> new LinkedHashMap<>())
                .computeIfAbsent(peer, _ -> new ArrayList<>())
                .add(round);
    }

    void addStart(String peer, Start start) {
        starts.computeIfAbsent(peer, _ -> new ArrayList<>()).add(start);
    }

    void addMemoryUnderLoad(String peer, long bytes) {
        memoryUnderLoad.put(peer, bytes);
    }

    void addRates(Map<String, Double> perSecond) {
        rates.putAll(perSecond);
    }

    Map<String, List<Round>> rounds(Stage stage) {
        return rounds.getOrDefault(stage, Map.of());
    }

    Map<String, List<Start>> starts() {
        return starts;
    }

    Map<String, Long> memoryUnderLoad() {
        return memoryUnderLoad;
    }

    double rate(String peer) {
        return rates.getOrDefault(peer, Double.NaN);
    }

    /// Two starts: milliseconds to the first proxied byte with the whole machine and with one core; resident memory a
    /// second after the latter.
    record Start(double millis, double oneCoreMillis, long idleBytes) {}
}
