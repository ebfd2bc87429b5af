package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One bounded burst of requests or handshakes by a well-known generator, and what it counted.
record Load(long done, double seconds, double p50, double p99, double p999) {
    static final int CONNECTIONS = 64;
    static final int STREAMS = 10;
    private static final double UNKNOWN = Double.NaN;

    /// HTTP/1.1 as fast as 64 connections go.
    static Load wrk(Workplace place, int port, int seconds) throws IOException, InterruptedException {
        return wrk(place, port, seconds, "");
    }

    /// The same where requests are over a limit: an answer that is not 429 is an error, but for the few that
    /// pass first.
    static Load wrkRefused(Workplace place, int port, int seconds) throws IOException, InterruptedException {
        return wrk(place, port, seconds, """
                passed = 0
                response = function(status) if status ~= 429 then passed = passed + 1 end end
                setup = function(thread) refusing = thread end
                wrong = function(summary) local p = refusing:get("passed"); return p > summary.requests / 20 and p or 0 end
                """);
    }

    /// The same, each request with the next token of the stage.
    ///
    /// @param from how many requests of the stage there were before
    static Load wrkTokens(Workplace place, int port, int seconds, Stage stage, long from)
            throws IOException, InterruptedException {
        return wrk(place, port, seconds, """
                local requests, last = {}, 0
                local at = %2$d
                init = function(args)
                  for line in io.lines("%1$s") do
                    last = last + 1
                    requests[last] = wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. line })
                    if last == %3$d then break end
                  end
                end
                request = function()
                  at = at %% last + 1
                  return requests[at]
                end
                """.formatted(
                        place.tokens().resolve(stage.tokens() + ".txt"),
                        from % stage.distinctTokens(),
                        stage.distinctTokens()));
    }

    private static Load wrk(Workplace place, int port, int seconds, String requests)
            throws IOException, InterruptedException {
        Path script = place.write("load", "report.lua", requests + """
                wrong = wrong or function(summary) return summary.errors.status end
                done = function(summary, latency, requests)
                  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
                    summary.errors.connect + summary.errors.read + summary.errors.write + wrong(summary)
                    + summary.errors.timeout))
                end
                """);
        String said = Tools.output(
                seconds + 20,
                Tools.pinned(
                        Tools.LOAD_CORE,
                        List.of(
                                "wrk",
                                "-t1",
                                "-c" + CONNECTIONS,
                                "-d" + seconds + "s",
                                // a gateway that is not warm yet may take longer than the usual 2 s for one of
                                // its first
                                "--timeout",
                                "20s",
                                "-s",
                                script.toString(),
                                "http://127.0.0.1:" + port + "/orders/17?expand=lines")));
        Matcher result = find("RESULT (\\d+) (\\d+) (\\d+) (\\d+) (\\d+) (\\d+)", said);
        if (!result.group(6).equals("0")) {
            throw new IOException("errors under load: " + said);
        }
        return new Load(
                Long.parseLong(result.group(1)),
                Long.parseLong(result.group(2)) / 1e6,
                Long.parseLong(result.group(3)) / 1e3,
                Long.parseLong(result.group(4)) / 1e3,
                Long.parseLong(result.group(5)) / 1e3);
    }

    /// HTTP/1.1 at a fixed rate, whatever the answers do.
    static Load fixedRate(Workplace place, int port, int seconds, double perSecond)
            throws IOException, InterruptedException {
        String rate = String.format(Locale.ROOT, "%.2f", perSecond / CONNECTIONS);
        return h2load(place, port, seconds, List.of("--h1", "--rps", rate));
    }

    /// HTTP/2 with prior knowledge as fast as 64 connections with 10 streams each go.
    static Load h2(Workplace place, int port, int seconds) throws IOException, InterruptedException {
        return h2load(place, port, seconds, List.of("-m", String.valueOf(STREAMS)));
    }

    /// TLS connections that are opened, fully negotiated and closed, one after another by two clients.
    static Load handshakes(int port, int seconds) throws IOException, InterruptedException {
        String one = "openssl s_time -new -tls1_3 -connect 127.0.0.1:" + port + " -time " + seconds;
        String said = Tools.output(
                seconds + 20,
                Tools.pinned(Tools.LOAD_CORE, List.of("sh", "-c", one + " 2>&1 & " + one + " 2>&1; wait")));
        Matcher result =
                Pattern.compile("(\\d+) connections in \\d+ real seconds").matcher(said);
        long done = 0;
        while (result.find()) {
            done += Long.parseLong(result.group(1));
        }
        if (done == 0) {
            throw new IOException("no handshakes: " + said);
        }
        return new Load(done, seconds, UNKNOWN, UNKNOWN, UNKNOWN);
    }

    /// A flood that runs beside something else, as fast as answers come.
    ///
    /// @param tokens the file whose tokens are sent, each with a signature that nobody made; empty for none
    static Process background(Workplace place, int port, int seconds, String tokens) throws IOException {
        Path script = place.write("load", "flood.lua", tokens.isEmpty() ? "" : """
                local heads, last, at = {}, 0, 0
                init = function(args)
                  math.randomseed(os.time())
                  for line in io.lines("%s") do
                    last = last + 1
                    heads[last] = line
                    if last == 10000 then break end
                  end
                end
                request = function()
                  at = at %% last + 1
                  local forged = string.format("%%08d", math.random(0, 99999999))
                  return wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. heads[at]:sub(1, -41) .. forged .. heads[at]:sub(-32) })
                end
                """.formatted(tokens));
        return background(List.of(
                "wrk",
                "-t1",
                "-c" + CONNECTIONS,
                "-d" + seconds + "s",
                "-s",
                script.toString(),
                "http://127.0.0.1:" + port + "/orders/17"));
    }

    /// A flood at a fixed rate, whatever the answers do.
    static Process background(int port, int seconds, int perSecond) throws IOException {
        return background(List.of(
                "h2load",
                "--h1",
                "-t",
                "1",
                "-c",
                String.valueOf(CONNECTIONS),
                "-D",
                String.valueOf(seconds),
                "--rps",
                String.format(Locale.ROOT, "%.2f", (double) perSecond / CONNECTIONS),
                "http://127.0.0.1:" + port + "/orders/17"));
    }

    /// How many answers an ended flood got.
    static long answers(Process flood) throws IOException {
        String said = new String(flood.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = find("(\\d+) requests in|(\\d+) done,", said);
        return Long.parseLong(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    /// Floods come from other machines: on the core that this one shares with honest callers and upstreams, it
    /// runs when they do not, and stops at once when they want to.
    private static Process background(List<String> command) throws IOException {
        List<String> line = new ArrayList<>(List.of("chrt", "--idle", "0"));
        line.addAll(command);
        Process process = new ProcessBuilder(Tools.pinned(Tools.LOAD_CORE, line))
                .redirectErrorStream(true)
                .start();
        Tools.endWithThisJvm(process);
        return process;
    }

    double perSecond() {
        return done / seconds;
    }

    private static Load h2load(Workplace place, int port, int seconds, List<String> more)
            throws IOException, InterruptedException {
        Path log = place.folderOf("load").resolve("requests.tsv");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(List.of(
                "h2load",
                "-t",
                "1",
                "-c",
                String.valueOf(CONNECTIONS),
                "-D",
                String.valueOf(seconds),
                "--log-file",
                log.toString()));
        command.addAll(more);
        command.add("http://127.0.0.1:" + port + "/orders/17?expand=lines");
        String said = Tools.output(seconds + 20, Tools.pinned(Tools.LOAD_CORE, command));
        Matcher result = find("(\\d+) done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout", said);
        long done = Long.parseLong(result.group(1));
        long bad = Long.parseLong(result.group(3));
        // Requests under way when the time is up count as failed: at most one for each stream.
        if (done == 0 || bad > (long) CONNECTIONS * STREAMS) {
            throw new IOException("errors under load: " + said);
        }
        long[] micros = latencies(log);
        return new Load(done, seconds, percentile(micros, 0.5), percentile(micros, 0.99), percentile(micros, 0.999));
    }

    private static long[] latencies(Path log) throws IOException {
        try (var lines = Files.lines(log)) {
            long[] micros = lines.mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
                    .toArray();
            Arrays.sort(micros);
            return micros;
        }
    }

    /// In milliseconds.
    private static double percentile(long[] sortedMicros, double share) {
        return sortedMicros.length == 0
                ? UNKNOWN
                : sortedMicros[(int) Math.min(sortedMicros.length - 1L, (long) (sortedMicros.length * share))] / 1e3;
    }

    private static Matcher find(String pattern, String text) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IOException("the load generator gave no result: " + text);
        }
        return matcher;
    }
}
