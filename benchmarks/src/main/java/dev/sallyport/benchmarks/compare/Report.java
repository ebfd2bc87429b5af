package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The tables, as Markdown.
final class Report {
    private final Options options;
    private final Results results;

    Report(Options options, Results results) {
        this.options = options;
        this.results = results;
    }

    String markdown() throws IOException, InterruptedException {
        StringBuilder out = new StringBuilder();
        out.append("# Measured beside peers\n\n").append(preface());
        for (Stage stage : Stage.values()) {
            if (stage.underLoad() && !results.rounds(stage).isEmpty()) {
                out.append("\n## ").append(stage.title()).append("\n\n").append(table(stage));
            }
        }
        if (!results.starts().isEmpty()) {
            out.append("\n## ").append(Stage.START.title()).append("\n\n").append(starts());
        }
        return out.append(reading()).toString();
    }

    private String preface() throws IOException, InterruptedException {
        return """
        Made by `benchmarks/run` on %s: %s.
        %s.

        Every gateway has one worker or loop, pinned to the first core; load generator and upstream (nginx, %d octets from memory) share the
        second. All run at the same time, idle but for the one whose turn it is; %d rounds of %d s each in turn, after a warm-up.
        Figures are medians, with the least and most in brackets; ratios are medians of the ratios within each round, to `nginx` or as the column says.
        nginx and HAProxy have nothing on but proxying, or what the title says; Sallyport has routing, forwarding headers, metrics and its JSON access log to a file on.

        """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Machine.description(),
                        versions(),
                        Workplace.BODY_BYTES,
                        options.rounds(),
                        options.seconds());
    }

    private String table(Stage stage) {
        Map<String, List<Round>> rounds = results.rounds(stage);
        boolean handshakes = stage == Stage.TLS;
        String what = handshakes ? "handshakes" : "requests";
        StringBuilder out =
                new StringBuilder("| | CPU s per million %s | of %s | whole machine, s per million | of %s | %s/s |%s\n"
                        .formatted(
                                what,
                                stage.baseline(),
                                stage.baseline(),
                                what,
                                handshakes ? "" : " p50 ms | p99 ms | p99.9 ms |"));
        out.append("|---|---|---|---|---|---|")
                .append(handshakes ? "" : "---|---|---|")
                .append('\n');
        List<Round> baseline = rounds.getOrDefault(stage.baseline(), List.of());
        rounds.forEach((peer, list) -> {
            out.append("| ").append(peer);
            if (stage == Stage.LATENCY) {
                out.append(" at ").append(Math.round(results.rate(peer))).append("/s");
            }
            out.append(" | ").append(spread(Median.of(list, Round::processPerMillion)));
            out.append(" | ").append(ratio(list, baseline, Round::processPerMillion));
            out.append(" | ").append(spread(Median.of(list, Round::machinePerMillion)));
            out.append(" | ").append(ratio(list, baseline, Round::machinePerMillion));
            out.append(" | ")
                    .append(Math.round(
                            Median.of(list, round -> round.load().perSecond()).middle()));
            if (!handshakes) {
                out.append(" | ")
                        .append(two(Median.of(list, round -> round.load().p50()).middle()));
                out.append(" | ")
                        .append(two(Median.of(list, round -> round.load().p99()).middle()));
                out.append(" | ")
                        .append(two(
                                Median.of(list, round -> round.load().p999()).middle()));
            }
            out.append(" |\n");
        });
        return out.append(noise(rounds)).toString();
    }

    private String starts() {
        StringBuilder out = new StringBuilder(
                "| | ms to first proxied byte | with one core only | idle, MiB resident | after load, MiB resident |\n");
        out.append("|---|---|---|---|---|\n");
        results.starts().forEach((peer, list) -> {
            Long loaded = results.memoryUnderLoad().get(peer);
            out.append("| %s | %s | %s | %.0f | %s |\n"
                    .formatted(
                            peer,
                            range(Median.of(list, Results.Start::millis)),
                            range(Median.of(list, Results.Start::oneCoreMillis)),
                            Median.of(list, start -> start.idleBytes() / 1048576.0)
                                    .middle(),
                            loaded == null ? "–" : String.valueOf(loaded / 1048576)));
        });
        return out.toString();
    }

    private static String range(Median millis) {
        return "%.0f [%.0f–%.0f]".formatted(millis.middle(), millis.least(), millis.most());
    }

    private static String noise(Map<String, List<Round>> rounds) {
        List<Round> all = rounds.values().stream().flatMap(List::stream).toList();
        Median noise = Median.of(all, Round::noise);
        return "\nWork of other programs and time taken by the host during these rounds: median %.1f %%, at most %.1f %% of both cores; %d of %d rounds above %.0f %%.\n"
                .formatted(
                        noise.middle() * 100,
                        noise.most() * 100,
                        all.stream().filter(Round::noisy).count(),
                        all.size(),
                        Round.NOISY * 100);
    }

    private static String reading() {
        return """

        ## How to read it
        - CPU per request is the user and system time of the gateway's whole process tree; the whole machine's busy time stands beside it because
          io_uring moves work out of the process: a saving counts if both show it. It includes upstream and load generator, and leaves out other programs.
        - HAProxy in TCP mode parses nothing: it is the floor for a proxy in user space on epoll, with tokens too.
        - A faster gateway leaves its core idle while the other one is saturated, so requests per second do not tell gateways apart here.
        - The fixed rate is half of what nginx reaches. The generator keeps at most one request under way on a connection.
        - Tokens: HAProxy checks the signature, issuer and audience of every token it gets, every time; it has no cache. Sallyport checks a token
          once and remembers it, so most of its lead with tokens seen before is that memory, not speed. In the rows of tokens never seen before,
          requests go round over more than twice as many tokens as it remembers. It checks time, issuer, audience and form as well, and has its log on.
        - Handshakes come from two `openssl s_time` clients; sessions are not resumed, nothing is sent inside.
        - Compare only within one run, on a quiet machine: the same program differs by a quarter between runs, ratios by less than a tenth.
        """;
    }

    private String versions() throws IOException, InterruptedException {
        String java = "Sallyport and Spring Cloud Gateway 5.0.4 (Boot 4.1.2, Netty 4.2.18) on JDK " + Runtime.version();
        return List.of(
                        first(List.of("nginx", "-v")).replace("nginx version: ", ""),
                        first(List.of("haproxy", "-v")).replaceAll(" - .*| \\d{4}/.*", ""),
                        first(List.of("openssl", "version")).replaceAll(" \\d+ \\w+ \\d{4}.*", ""),
                        first(List.of("h2load", "--version")).replace("h2load ", ""),
                        first(List.of("wrk", "-v")).replaceAll(" \\[.*", ""),
                        java)
                .stream()
                .filter(version -> !version.isBlank())
                .collect(Collectors.joining(" · "));
    }

    private static String first(List<String> command) throws IOException, InterruptedException {
        return Tools.output(5, command).lines().findFirst().orElse("").strip();
    }

    /// The median of the ratios within each round: what slows the whole machine for a while slows both.
    private static String ratio(List<Round> list, List<Round> baseline, ToDoubleFunction<Round> figure) {
        List<Double> ratios = IntStream.range(0, Math.min(list.size(), baseline.size()))
                .mapToObj(i -> figure.applyAsDouble(list.get(i)) / figure.applyAsDouble(baseline.get(i)))
                .toList();
        double ratio = Median.of(ratios, Double::doubleValue).middle();
        return Double.isNaN(ratio) ? "–" : "**" + two(ratio) + "**";
    }

    private static String spread(Median median) {
        return "%.1f [%.1f–%.1f]".formatted(median.middle(), median.least(), median.most());
    }

    private static String two(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }
}
