package dev.sallyport.benchmarks.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The command line.
///
/// @param root the repository
/// @param stages the tables to make
/// @param only words of which a peer's name must contain one; empty means all
/// @param rounds measured rounds for each peer
/// @param seconds length of a round
/// @param warmUpShare the part of each peer's warm-up that is really run
/// @param write whether RESULTS.md is replaced
record Options(
        Path root, Set<Stage> stages, List<String> only, int rounds, int seconds, double warmUpShare, boolean write) {

    static final String USAGE = """
            benchmarks/run [--quick] [--rows plain,latency,h2,tls,start,jwt_rs256,jwt_es256,jwt_rs256_new,jwt_es256_new,whole,refused,observed] [--only nginx,sallyport] [--rounds N] [--seconds N]

            Compares Sallyport with nginx, HAProxy and Spring Cloud Gateway on this machine, on loopback only.
              --quick    short warm-up, 2 rounds of 4 s; prints, writes nothing
              --rows     only these tables
              --only     only peers whose name contains one of these words; prints, writes nothing
              --rounds   measured rounds for each peer (5)
              --seconds  length of a round (8)
            A whole run takes about 15 minutes, replaces benchmarks/RESULTS.md and stops everything it started.
            """;

    static Options parse(Path root, String[] args) {
        Set<Stage> stages = EnumSet.allOf(Stage.class);
        List<String> only = new ArrayList<>();
        int rounds = 5;
        int seconds = 8;
        double warmUpShare = 1;
        boolean write = true;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> {
                    rounds = 2;
                    seconds = 4;
                    warmUpShare = 0.4;
                    write = false;
                }
                case "--rows" -> {
                    stages = EnumSet.noneOf(Stage.class);
                    for (String row : value(args, ++i).split(",", -1)) {
                        stages.add(stage(row));
                    }
                    write = write && stages.size() == Stage.values().length;
                }
                case "--only" -> {
                    only.addAll(List.of(value(args, ++i).split(",", -1)));
                    write = false;
                }
                case "--rounds" -> rounds = Integer.parseInt(value(args, ++i));
                case "--seconds" -> seconds = Integer.parseInt(value(args, ++i));
                default -> throw new IllegalArgumentException(args[i] + ": not an option");
            }
        }
        return new Options(root, stages, only, rounds, seconds, warmUpShare, write);
    }

    boolean wants(Peer peer) {
        return only.isEmpty() || only.stream().anyMatch(peer.name().toLowerCase(Locale.ROOT)::contains);
    }

    private static String value(String[] args, int index) {
        if (index >= args.length) {
            throw new IllegalArgumentException(args[index - 1] + ": needs a value");
        }
        return args[index];
    }

    private static Stage stage(String name) {
        try {
            return Stage.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("--rows: " + name + " (expected: "
                    + Arrays.stream(Stage.values())
                            .map(one -> one.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "))
                    + ")");
        }
    }
}
