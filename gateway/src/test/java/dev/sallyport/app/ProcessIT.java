package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.RawClient;
import dev.sallyport.testing.RecordingUpstream;
import dev.sallyport.testing.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The packaged gateway as a process: signals, exit codes, and the commands that talk to it.
class ProcessIT {
    private static final Path JAR = Path.of("target/sallyport.jar").toAbsolutePath();

    @TempDir
    Path folder;

    private final RecordingUpstream upstream = RecordingUpstream.start();
    private final List<Process> started = new ArrayList<>();
    private Path config = Path.of("");
    private int port;

    @BeforeEach
    void writeConfig() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        config = Files.writeString(folder.resolve("gateway.yaml"), yaml("/one"));
    }

    @AfterEach
    void endAll() throws IOException {
        started.forEach(Process::destroyForcibly);
        upstream.close();
    }

    private String yaml(String path) {
        return """
                version: 1
                listeners: { web: { bind: "127.0.0.1:%d" } }
                upstreams: { app: { endpoints: ["http://127.0.0.1:%d"] } }
                routes:
                  load: { match: { path: "/load/**" }, access: public, upstream: app }
                  slow: { match: { path: /slow }, access: public, upstream: app }
                  changing: { match: { path: "%s" }, access: public, upstream: app }
                admin: { bind: 127.0.0.1:0 }
                """.formatted(port, upstream.port(), path);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatNoRequestWaitsForGivesWayToLoops() throws Exception {
        Process gateway = run("run", "--no-watch", config.toString());
        awaitStart();
        int usual = niceOf(gateway, "java").getFirst();
        List<Integer> nicer = List.of(Math.min(19, usual + 5));
        Eventually.until(
                "the log gives way", () -> niceOf(gateway, "access-log-").equals(nicer));
        assertThat(niceOf(gateway, "C1 CompilerThre"))
                .as("while the gateway is not warm")
                .containsOnly(usual);
        assertThat(niceOf(gateway, "loop-")).containsOnly(usual);
        assertThat(niceOf(gateway, "VM Thread")).containsOnly(usual);
    }

    /// The nice values that threads have whose names begin with `name`.
    private static List<Integer> niceOf(Process process, String name) {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> tasks =
                Files.newDirectoryStream(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path task : tasks) {
                String stat = statOf(task);
                int end = stat.lastIndexOf(')');
                if (stat.substring(stat.indexOf('(') + 1, end).startsWith(name)) {
                    found.add(Integer.parseInt(stat.substring(end + 2).split(" ", -1)[16]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream().distinct().toList();
    }

    private static String statOf(Path task) {
        try {
            return Files.readString(task.resolve("stat"));
        } catch (IOException _) {
            return "(ended)";
        }
    }

    @Test
    void hangupReloadsAndTerminationDrainsWithoutLoss() throws Exception {
        Process gateway = run("run", "--no-watch", config.toString());
        awaitStart();
        Files.writeString(config, yaml("/two"));
        assertThat(status("/two")).isEqualTo(404);
        signal(gateway, "HUP");
        Eventually.until("the new route", () -> status("/two") == 200);

        try (Load load = Load.on(port, "/load/x", 8)) {
            load.awaitAnswers(200);
            signal(gateway, "TERM");
            assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
            load.join();
            assertThat(load.lost()).isEmpty();
        }
        assertThat(gateway.exitValue()).isZero();
        assertThat(log()).contains("config.trigger=signal", "event=drain.done", "event=stop.done");
    }

    @Test
    void aSecondTerminationStopsAtOnce() throws Exception {
        upstream.answer(request -> {
            Eventually.until("the end of the gateway", () -> started.stream().noneMatch(Process::isAlive));
            return RecordingUpstream.ok("late");
        });
        Process gateway = run("run", config.toString());
        awaitStart();
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            upstream.awaitRequests(1);
            signal(gateway, "TERM");
            Eventually.until("draining", () -> log().contains("event=drain.begun"));
            signal(gateway, "TERM");
            assertThat(gateway.waitFor(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void drainingEndsAtItsDeadline() throws Exception {
        upstream.answer(request -> {
            Eventually.until("the end of the gateway", () -> started.stream().noneMatch(Process::isAlive));
            return RecordingUpstream.ok("late");
        });
        Process gateway = run("run", "--drain", "200ms", config.toString());
        awaitStart();
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            upstream.awaitRequests(1);
            signal(gateway, "TERM");
            assertThat(gateway.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(gateway.exitValue()).isZero();
        assertThat(log()).contains("event=drain.deadline", "event=stop.done");
    }

    @Test
    void commandsFindTheGatewayOfTheirUser() throws Exception {
        Process gateway = run("run", "--no-watch", config.toString());
        awaitStart();
        assertThat(command("status")).startsWith("0 ").contains("ready", "127.0.0.1:" + port);
        assertThat(command("routes")).startsWith("0 ").contains("/load/**", "public");
        assertThat(command("healthcheck")).startsWith("0 ").contains("ready");

        Files.writeString(config, yaml("/two"));
        assertThat(command("reload")).startsWith("0 ").contains("applied 2-");
        assertThat(status("/two")).isEqualTo(200);

        Files.writeString(config, yaml("/two") + "more: 1\n");
        assertThat(command("reload")).startsWith("1 ").contains("gateway.yaml:9:1", "more");
        assertThat(command("status")).contains("refused:");
        assertThat(status("/two")).isEqualTo(200);

        signal(gateway, "TERM");
        assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(command("status")).startsWith("3 ");
        try (var left = Files.list(folder.resolve("state"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aPortInUseIsToldAndIsNotABadConfiguration() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            port = taken.getLocalPort();
            Files.writeString(config, yaml("/one"));
            Process gateway = run("run", config.toString());
            assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.exitValue()).isEqualTo(4);
            assertThat(log()).contains("web", Integer.toString(port), "in use");
        }
    }

    @Test
    void theDemoShowsWhatItSays() throws Exception {
        Process demo = run("demo", "--port", "0", "--admin-port", "0");
        Eventually.until("what to try", () -> read("out").contains("Ctrl-C"));
        String text = read("out");
        String base = "http://localhost:";
        int at = text.indexOf(base) + base.length();
        port = Integer.parseInt(text.substring(at, text.indexOf('/', at)));
        assertThat(status("/products/7")).isEqualTo(200);
        assertThat(status("/orders")).isEqualTo(405);
        assertThat(status("/products/..%2fsecret")).isEqualTo(400);
        assertThat(status("/shop/3")).isEqualTo(308);
        int secretAt = text.indexOf("-u clerk:") + "-u clerk:".length();
        String secret = text.substring(secretAt, text.indexOf(' ', secretAt));
        assertThat(post("/orders", "").status()).isEqualTo(401);
        assertThat(post("/orders", "").value("www-authenticate")).startsWith("Bearer");
        Response known = post("/orders", token("clerk", secret));
        assertThat(known.status()).as(known.body()).isEqualTo(201);
        assertThat(known.body()).contains("\"for\": \"clerk\"");
        String hasty = token("hasty", secret);
        Eventually.until("the end of a token", () -> post("/orders", hasty).status() == 401);
        String once = token("cashier", secret);
        assertThat(post("/payments", once).status()).isEqualTo(201);
        assertThat(post("/payments", once).status()).isEqualTo(401);
        aBoundTokenNeedsItsKeyAndAFreshProof(text, secret);
        String back = token("clerk", secret);
        assertThat(form("/oauth/revoke", "token=" + back + "&client_id=clerk&client_secret=" + secret, "")
                        .status())
                .isEqualTo(200);
        assertThat(post("/orders", back).status()).isEqualTo(401);
        assertThat(status("/stock/7")).isEqualTo(401);
        int keyAt = text.indexOf("X-Api-Key: ") + "X-Api-Key: ".length();
        assertThat(send(
                                "GET",
                                "/stock/7",
                                "X-Api-Key: " + text.substring(keyAt, text.indexOf('\'', keyAt)) + "\r\n",
                                "")
                        .status())
                .isEqualTo(200);
        assertThat(command("keys"))
                .startsWith("0 ")
                .contains("gateway   sign ", "staff     verify", "till      verify", base + port + "/oauth");
        signal(demo, "INT");
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isZero();
    }

    @Test
    void keysAreShownAndRotated() throws Exception {
        Files.writeString(
                config,
                yaml("/one")
                        .replace(
                                "routes:\n",
                                "routes:\n  keys:"
                                        + " { match: { path: /keys }, access: public, gateway-keys: {} }\n"));
        Process gateway = run("run", "--no-watch", config.toString());
        awaitStart();
        assertThat(command("keys")).startsWith("0 ").contains("gateway  sign  signing", "ES256", "never");
        assertThat(command("keys", "rotate")).startsWith("0 ").contains("is published");
        assertThat(command("keys", "--format", "json")).startsWith("0 ").contains("\"signing\"", "\"next\"");
        assertThat(command("keys", "rotate", "--at-once")).startsWith("0 ").contains("in the place of all others");
        assertThat(command("keys")).doesNotContain("next");
        assertThat(command("keys", "--at-once")).startsWith("2 ");
        signal(gateway, "KILL");
        assertThat(gateway.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("data").resolve("signing-keys.jwks.json")).exists();
    }

    /// With the command, as somebody with curl has it.
    private void aBoundTokenNeedsItsKeyAndAFreshProof(String text, String secret) throws Exception {
        int at = text.indexOf("--key ") + "--key ".length();
        String key = text.substring(at, text.indexOf(' ', at));
        String url = "http://localhost:" + port;
        String asking = proof("--key", key, "--method", "POST", "--url", url + "/oauth/token");
        String body = "grant_type=client_credentials&client_id=courier&client_secret=" + secret;
        assertThat(form("/oauth/token", body, "").body()).contains("invalid_dpop_proof");
        String token =
                form("/oauth/token", body, "DPoP: " + asking + "\r\n").body().split("\"", -1)[3];
        String fields = "Authorization: DPoP " + token + "\r\nDPoP: "
                + proof("--key", key, "--method", "POST", "--url", url + "/parcels", "--token", token) + "\r\n";
        assertThat(send("POST", "/parcels", fields, "").status()).isEqualTo(201);
        assertThat(send("POST", "/parcels", fields, "").body()).contains("proof-replayed");
        assertThat(post("/parcels", token).status()).isEqualTo(401);
    }

    private String proof(String... options) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("dpop-proof"));
        line.addAll(List.of(options));
        String said = command(line.toArray(String[]::new));
        assertThat(said).startsWith("0 ");
        return said.substring(said.lastIndexOf('\n', said.length() - 2) + 1)
                .replaceFirst("^0 ", "")
                .strip();
    }

    private Response post(String path, String token) {
        return send("POST", path, token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n", "");
    }

    private Response form(String path, String body, String fields) {
        return send("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n" + fields, body);
    }

    private Response send(String method, String path, String fields, String body) {
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange(method + " " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n" + fields
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An access token of the demo's token service.
    private String token(String client, String secret) {
        String body = "grant_type=client_credentials&client_id=" + client + "&client_secret=" + secret;
        return form("/oauth/token", body, "").body().split("\"", -1)[3];
    }

    private Process run(String... args) throws IOException {
        Process process = builder(args)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("log").toFile())
                .start();
        started.add(process);
        return process;
    }

    /// Runs a command to its end: exit code, a space, and all it said.
    private String command(String... args) throws IOException, InterruptedException {
        Process process = builder(args).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + said;
    }

    private ProcessBuilder builder(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SALLYPORT_STATE_DIR", folder.resolve("state").toString());
        builder.environment().put("SALLYPORT_DATA_DIR", folder.resolve("data").toString());
        builder.environment().remove("SALLYPORT_ADMIN_TOKEN");
        return builder;
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    private void awaitStart() {
        Eventually.until("the start", () -> log().contains("event=start.done"));
    }

    private String log() {
        return read("log");
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }

    private int status(String path) {
        try (RawClient client = RawClient.connect(port)) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .status();
        } catch (IOException e) {
            return -1;
        }
    }
}
