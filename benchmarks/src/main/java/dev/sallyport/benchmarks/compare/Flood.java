package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// What honest callers feel of a flood: `benchmarks/run flood`.
///
/// An honest client sends at a fixed rate from 127.0.0.2, alone and beside a flood from 127.0.0.1, in short turns; the
/// medians of the turns count. Floods are forged tokens over 64 connections as fast as answers come (the same flood
/// without any token shows how much of it is the checking of signatures), and 10,000 requests per second over a limit,
/// nearly all of which are refused, beside nginx and HAProxy which do the same. Bounded in time; stops what it
/// started.
final class Flood {
    private static final int TURNS = 10;
    private static final int SECONDS = 4;
    private static final int WARM_UP_SECONDS = 60;
    private static final int STORM_PER_SECOND = 10_000;

    private final Workplace place;
    private final Path root;
    private final Path java;
    private final String algorithm;

    private Flood(Workplace place, Path root, Path java, String algorithm) {
        this.place = place;
        this.root = root;
        this.java = java;
        this.algorithm = algorithm;
    }

    /// Arguments: the repository, then an algorithm of [Tokens], ES256 if none.
    public static void main(String[] args) throws IOException, InterruptedException {
        Workplace place = Workplace.create();
        place.startUpstream();
        Tokens.write(Files.createDirectories(place.tokens()));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Flood flood = new Flood(place, Path.of(args[0]), java, args.length > 1 ? args[1] : "ES256");
        System.out.println("| gateway | honest caller | flood | p50 ms | p99 ms | refused | flood, answers per s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (String peer : List.of(Peers.LIMIT_BASELINE, "HAProxy, stick-table", "Sallyport, limits")) {
            flood.storm(peer);
        }
        flood.forged();
    }

    private void storm(String name) throws IOException, InterruptedException {
        Ports ports = Ports.free();
        try (Running _ = start(name, ports)) {
            Map<String, Attack> attacks = new LinkedHashMap<>();
            attacks.put("none", Attack.NONE);
            attacks.put("over a limit", seconds -> storming(ports.plain(), seconds));
            HonestClient honest = new HonestClient(ports.plain(), List.of());
            beside(attacks.get("over a limit"), honest, WARM_UP_SECONDS);
            measure(name, "without a token", honest, attacks);
        }
    }

    private void forged() throws IOException, InterruptedException {
        Ports ports = Ports.free();
        List<String> tokens = Files.readAllLines(place.tokens().resolve(algorithm + ".txt"));
        try (Running _ = start("Sallyport, jwt", ports)) {
            Map<String, Attack> attacks = new LinkedHashMap<>();
            attacks.put("none", Attack.NONE);
            attacks.put("no tokens", seconds -> Load.background(place, ports.plain(), seconds, ""));
            attacks.put(
                    "forged tokens",
                    seconds -> Load.background(
                            place,
                            ports.plain(),
                            seconds,
                            place.tokens().resolve(algorithm + ".txt").toString()));
            HonestClient fresh = new HonestClient(ports.plain(), tokens);
            beside(attacks.get("forged tokens"), fresh, WARM_UP_SECONDS);
            measure("Sallyport, jwt", "new " + algorithm + " token each time", fresh, attacks);
            HonestClient known = new HonestClient(ports.plain(), List.of(tokens.getLast()));
            measure("Sallyport, jwt", "token used before", known, attacks);
        }
    }

    private Running start(String name, Ports ports) throws IOException, InterruptedException {
        Peer peer = Peers.make(name, place, ports, root, java);
        return Running.start(peer, ports, place.folderOf(Peers.folder(name)), true);
    }

    private static void measure(String gateway, String caller, HonestClient honest, Map<String, Attack> attacks)
            throws IOException, InterruptedException {
        Map<String, List<HonestClient.Felt>> felt = new LinkedHashMap<>();
        Map<String, Long> answers = new LinkedHashMap<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (Map.Entry<String, Attack> attack : attacks.entrySet()) {
                Turn one = beside(attack.getValue(), honest, SECONDS);
                felt.computeIfAbsent(attack.getKey(), _ -> new ArrayList<>()).add(one.felt());
                answers.merge(attack.getKey(), one.answers(), Long::sum);
            }
        }
        felt.forEach((flood, turns) -> System.out.println("| %s | %s | %s | %s | %s | %d | %d |"
                .formatted(
                        gateway,
                        caller,
                        flood,
                        spread(turns, HonestClient.Felt::p50),
                        spread(turns, HonestClient.Felt::p99),
                        turns.stream().mapToInt(HonestClient.Felt::refused).sum(),
                        answers.getOrDefault(flood, 0L) / (TURNS * SECONDS))));
    }

    private static String spread(List<HonestClient.Felt> turns, ToDoubleFunction<HonestClient.Felt> figure) {
        Median median = Median.of(turns, figure);
        return "%.2f [%.2f, %.2f]".formatted(median.middle(), median.least(), median.most());
    }

    private static Turn beside(Attack attack, HonestClient honest, int seconds)
            throws IOException, InterruptedException {
        Process flood = attack.begin(seconds + 1);
        HonestClient.Felt felt;
        try {
            Thread.sleep(500); // the flood has begun
            felt = honest.ask(seconds);
        } finally {
            if (flood != null && !flood.waitFor(10, TimeUnit.SECONDS)) {
                Tools.end(flood);
            }
        }
        return new Turn(felt, flood == null ? 0 : Load.answers(flood) * seconds / (seconds + 1));
    }

    private Process storming(int port, int seconds) throws IOException {
        return Load.background(port, seconds, STORM_PER_SECOND);
    }

    /// What was felt in one turn, and how many answers the flood got meanwhile.
    private record Turn(HonestClient.Felt felt, long answers) {}
}
