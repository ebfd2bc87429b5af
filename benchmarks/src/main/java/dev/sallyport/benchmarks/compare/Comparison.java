package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs every peer beside the others on this machine: start here. `benchmarks/run` is the command.
///
/// All peers are started and warmed up, then take turns (A B C, A B C), so that a change of the machine's speed
/// meets them all.
public final class Comparison {
    private static final int STARTS = 5;
    private static final int RETRIES_OF_NOISY_ROUNDS = 2;
    private static final int SETTLING_MILLIS = 1000;

    private final Options options;
    private final Workplace place;
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Results results = new Results();
    private final Map<String, Long> nextToken = new HashMap<>();

    private Comparison(Options options, Workplace place) {
        this.options = options;
        this.place = place;
    }

    /// Arguments: the repository, then those of [Options#USAGE].
    public static void main(String[] args) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(
                    Path.of(args[0]), List.of(args).subList(1, args.length).toArray(String[]::new));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println();
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        if (Machine.cores() < 2) {
            System.err.println("two cores are needed: one for the gateway, one for the load");
            System.exit(1);
        }
        Workplace place = Workplace.create();
        try {
            new Comparison(options, place).run();
        } finally {
            delete(place.folder());
        }
    }

    private void run() throws IOException, InterruptedException {
        Process upstream = place.startUpstream();
        if (options.stages().stream().anyMatch(stage -> !stage.tokens().isEmpty())) {
            say("signing tokens");
            Tokens.write(Files.createDirectories(place.tokens()));
        }
        List<Stage> loads = Arrays.stream(Stage.values())
                .filter(stage -> stage.underLoad() && options.stages().contains(stage))
                .toList();
        if (options.stages().contains(Stage.START)) {
            measureStarts();
        }
        List<Running> peers = new ArrayList<>();
        try {
            for (String name : wanted(loads)) {
                say("starting and warming up " + name);
                Running running = start(name, true);
                peers.add(running);
                warmUp(running);
            }
            for (Stage stage : loads) {
                measure(stage, peers, upstream.toHandle());
            }
            for (Running running : peers) {
                results.addMemoryUnderLoad(running.peer().name(), Machine.residentBytes(running.handle()));
            }
        } finally {
            for (Running running : peers) {
                running.close();
            }
        }
        String report = new Report(options, results).markdown();
        System.out.println(report);
        if (options.write()) {
            Files.writeString(options.root().resolve("benchmarks/RESULTS.md"), report);
            say("written to benchmarks/RESULTS.md");
        }
    }

    private List<String> wanted(List<Stage> stages) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : Peers.names()) {
            Peer peer = Peers.make(name, place, Ports.free(), options.root(), java);
            boolean takesPart =
                    stages.stream().anyMatch(stage -> options.stages().contains(stage) && peer.takesPartIn(stage));
            if (takesPart && options.wants(peer)) {
                names.add(name);
            }
        }
        return names;
    }

    private Running start(String name, boolean oneCore) throws IOException, InterruptedException {
        Ports ports = Ports.free();
        Peer peer = Peers.make(name, place, ports, options.root(), java);
        return Running.start(peer, ports, place.folderOf(Peers.folder(name)), oneCore);
    }

    private void measureStarts() throws IOException, InterruptedException {
        for (String name : wanted(List.of(Stage.START))) {
            say("start of " + name);
            start(name, false).close(); // makes what only a first start makes, and fills the page cache
            for (int i = 0; i < STARTS; i++) {
                double millis;
                try (Running running = start(name, false)) {
                    millis = running.startMillis();
                }
                try (Running running = start(name, true)) {
                    Thread.sleep(SETTLING_MILLIS);
                    long idle = Machine.residentBytes(running.handle());
                    results.addStart(name, new Results.Start(millis, running.startMillis(), idle));
                }
            }
        }
    }

    private void warmUp(Running running) throws IOException, InterruptedException {
        int seconds = Math.max(1, (int) (running.peer().warmUpSeconds() * options.warmUpShare()));
        for (Stage stage : Stage.values()) {
            if (!stage.tokens().isEmpty()
                    && options.stages().contains(stage)
                    && running.peer().takesPartIn(stage)) {
                withTokens(stage, running, seconds);
            }
        }
        if (options.stages().contains(Stage.REFUSED) && running.peer().takesPartIn(Stage.REFUSED)) {
            Load.wrkRefused(place, running.ports().plain(), seconds);
        }
        if (running.peer().takesPartIn(Stage.PLAIN) || running.peer().takesPartIn(Stage.OBSERVED)) {
            Load.wrk(place, running.ports().plain(), seconds);
        }
        if (options.stages().contains(Stage.H2) && running.peer().takesPartIn(Stage.H2)) {
            Load.h2(place, running.ports().h2(), seconds);
        }
        if (options.stages().contains(Stage.TLS) && running.peer().takesPartIn(Stage.TLS)) {
            Load.handshakes(running.ports().tls(), Math.max(1, seconds / 2));
        }
    }

    private void measure(Stage stage, List<Running> peers, ProcessHandle upstream)
            throws IOException, InterruptedException {
        Map<String, Double> rates = stage == Stage.LATENCY ? rates(peers) : Map.of();
        for (int round = 1; round <= options.rounds(); round++) {
            for (Running running : peers) {
                if (running.peer().takesPartIn(stage)) {
                    Round result = quietRound(stage, running, upstream, rates);
                    results.add(stage, running.peer().name(), result);
                    say("%s %d/%d %s: %.1f CPU s per million, %.0f/s, noise %.0f %%"
                            .formatted(
                                    stage,
                                    round,
                                    options.rounds(),
                                    running.peer().name(),
                                    result.processPerMillion(),
                                    result.load().perSecond(),
                                    result.noise() * 100));
                }
            }
        }
        results.addRates(rates);
    }

    private Round quietRound(Stage stage, Running running, ProcessHandle upstream, Map<String, Double> rates)
            throws IOException, InterruptedException {
        Round round = round(stage, running, upstream, rates);
        for (int i = 0; options.write() && round.noisy() && i < RETRIES_OF_NOISY_ROUNDS; i++) {
            Round again = round(stage, running, upstream, rates);
            round = again.noise() < round.noise() ? again : round;
        }
        return round;
    }

    private Round round(Stage stage, Running running, ProcessHandle upstream, Map<String, Double> rates)
            throws IOException, InterruptedException {
        Machine.Busy machine = Machine.busy();
        double process = Machine.cpuSeconds(running.handle());
        double known = Machine.cpuSeconds(upstream) + Machine.endedChildrenSeconds();
        Load load = load(stage, running, rates);
        double usedByPeer = Machine.cpuSeconds(running.handle()) - process;
        double usedByLoad = Machine.cpuSeconds(upstream) + Machine.endedChildrenSeconds() - known;
        Machine.Busy after = Machine.busy();
        double busy = after.seconds() - machine.seconds();
        return new Round(
                load, usedByPeer, busy, Math.max(0, busy - usedByPeer - usedByLoad), after.stolen() - machine.stolen());
    }

    private Load load(Stage stage, Running running, Map<String, Double> rates)
            throws IOException, InterruptedException {
        return switch (stage) {
            case PLAIN, OBSERVED -> Load.wrk(place, running.ports().plain(), options.seconds());
            case LATENCY ->
                Load.fixedRate(
                        place,
                        running.ports().plain(),
                        options.seconds(),
                        rates.getOrDefault(running.peer().name(), 1.0));
            case H2 -> Load.h2(place, running.ports().h2(), options.seconds());
            case TLS -> Load.handshakes(running.ports().tls(), options.seconds());
            case JWT_RS256, JWT_ES256, JWT_RS256_NEW, JWT_ES256_NEW, WHOLE ->
                withTokens(stage, running, options.seconds());
            case REFUSED -> Load.wrkRefused(place, running.ports().plain(), options.seconds());
            case START -> throw new IllegalArgumentException("no load");
        };
    }

    /// Goes on with the token behind the last one of the burst before, so that none comes again too soon.
    private Load withTokens(Stage stage, Running running, int seconds) throws IOException, InterruptedException {
        String place = running.peer().name() + stage;
        Load load =
                Load.wrkTokens(this.place, running.ports().plain(), seconds, stage, nextToken.getOrDefault(place, 0L));
        nextToken.merge(place, load.done(), Long::sum);
        return load;
    }

    /// Half of what the baseline reaches, for everybody; a peer that could not bear it gets half of its own.
    private Map<String, Double> rates(List<Running> peers) throws IOException, InterruptedException {
        Map<String, Double> saturation = new LinkedHashMap<>();
        for (Running running : peers) {
            if (running.peer().takesPartIn(Stage.LATENCY)) {
                saturation.put(
                        running.peer().name(),
                        Load.wrk(place, running.ports().plain(), 3).perSecond());
            }
        }
        double baseline = saturation.getOrDefault(
                Peers.BASELINE, saturation.values().stream().findFirst().orElse(1.0));
        saturation.replaceAll((_, most) -> Math.round(Math.min(baseline, most) / 200) * 100.0);
        saturation.replaceAll((_, rate) -> rate < baseline * 0.4 ? rate : Math.round(baseline / 200) * 100.0);
        return saturation;
    }

    private static void say(String text) {
        System.err.println(text);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
