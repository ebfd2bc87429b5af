package dev.sallyport.app.cli.explain;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.app.explain.ExplainEndpoint;
import dev.sallyport.app.explain.Explained;
import dev.sallyport.app.explain.Explained.Decision;
import dev.sallyport.app.explain.ExplainedJson;
import dev.sallyport.app.explain.ExplainedText;
import dev.sallyport.app.explain.Question;
import dev.sallyport.app.explain.QuestionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Says why a request may or may not pass.
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says why a request may or may not pass: its route, who calls, every rule with its value.",
            "",
            "Nothing is sent. The running gateway is asked, or with -c a file is compiled as a gateway",
            "would. Say who calls with --as and the options beside it, have a credential judged with",
            "--token, or leave both out for a request without one. With --request and --log, a request of",
            "the access log is explained again.",
            "",
            "Exit code 0: it passes; 1: it does not; 2: the question or the file is wrong; 3: with -c, it",
            "depends on a policy server, which is not asked."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport explain POST http://localhost:8080/orders --as clerk",
            "  sallyport explain GET /orders/7 -c gateway.yaml --caller alice --claim 'groups=[\"staff\"]'",
            "  sallyport explain GET https://api.example.com/orders --token - < token.txt",
            "  sallyport explain --request 4e42fa97f7c16cb14e840462ce56eb8c --log access.jsonl"
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final String ALLOWED_TEXT = "ALLOWED";
    private static final String ALLOWED_JSON = "\"decision\": \"allowed\"";

    @Parameters(
            arity = "0..2",
            paramLabel = "METHOD URL",
            hideParamSyntax = true,
            description = "The request; a URL without host is a path on localhost.")
    private List<String> request = new ArrayList<>();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "A file or folder to go by, instead of the running gateway.")
    private @Nullable Path config;

    @Option(names = "--running", description = "Asks the running gateway; so it is without -c.")
    private boolean running;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description =
                    "The running gateway's admin listener; its token is taken from SALLYPORT_ADMIN_TOKEN. Default: "
                            + "the gateway of this user on this machine.")
    private @Nullable String admin;

    @Option(
            names = "--as",
            paramLabel = "ROLE",
            split = ",",
            description = "Roles of a caller who is assumed to be proven; with commas between.")
    private List<String> roles = new ArrayList<>();

    @Option(names = "--caller", paramLabel = "ID", description = "The assumed caller's id.")
    private @Nullable String caller;

    @Option(
            names = "--authenticator",
            paramLabel = "NAME",
            description = "What proves the assumed caller, or judges the token. Default: the first of the route.")
    private @Nullable String authenticator;

    @Option(names = "--tenant", paramLabel = "NAME", description = "The assumed caller's tenant.")
    private @Nullable String tenant;

    @Option(names = "--scope", paramLabel = "SCOPES", description = "The assumed caller's scopes, spaces between.")
    private @Nullable String scope;

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description =
                    "A claim of the assumed caller; dots in NAME nest, VALUE is JSON or else text; may be repeated.")
    private List<String> claims = new ArrayList<>();

    @Option(
            names = "--anonymous",
            description = "The caller is assumed to show no credential, whatever the fields say.")
    private boolean anonymous;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "A credential to be judged by the authenticators; - for one on standard input, where it stays "
                            + "out of the shell's history.")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The same, in a file.")
    private @Nullable Path tokenFile;

    @Option(names = "--header", paramLabel = "FIELD", description = "A header field as 'Name: value'; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "The address at the other end of the connection (default: 127.0.0.1).")
    private @Nullable String client;

    @Option(
            names = "--listener",
            paramLabel = "NAME",
            description = "The listener it comes to. Default: the one that fits the URL.")
    private @Nullable String listener;

    @Option(names = "--at", paramLabel = "TIME", description = "With -c: when, such as 2026-01-31T12:00:00Z.")
    private @Nullable String at;

    @Option(names = "--request", paramLabel = "ID", description = "The X-Request-Id of a request in --log.")
    private @Nullable String requestId;

    @Option(names = "--log", paramLabel = "FILE", description = "The access log; - for standard input.")
    private @Nullable String log;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// What was found out.
    private record Outcome(Decision decision, String body) {
        int exitCode() {
            return switch (decision) {
                case ALLOWED -> ExitCode.OK;
                case REFUSED, CHALLENGED -> ExitCode.REFUSED;
                case DEPENDS -> ExitCode.REVIEW;
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        checkOptions();
        try {
            LoggedRequest logged = logged();
            Question asked = question();
            Question question = logged == null ? asked : logged.question(asked);
            Outcome outcome = config == null ? ask(question) : compile(config, question, logged);
            print(outcome, logged);
            return outcome.exitCode();
        } catch (QuestionException e) {
            throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private void checkOptions() {
        if ((requestId == null) != (log == null)) {
            throw usage("--request and --log go together.");
        }
        if (requestId == null ? request.size() != 2 : !request.isEmpty()) {
            throw usage("Which request? METHOD and URL, or --request and --log.");
        }
        if (config != null && (running || admin != null)) {
            throw usage("-c is instead of --running and --admin.");
        }
        if (config == null && at != null) {
            throw usage("--at goes with -c: a running gateway goes by its own clock.");
        }
        if (token != null && tokenFile != null) {
            throw usage("--token or --token-file, not both.");
        }
        if (requestId != null && (token != null || tokenFile != null || anonymous)) {
            throw usage("--request goes by the caller in the log, without --token and --anonymous.");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Question question() throws IOException {
        return new Question(
                request.isEmpty() ? "" : request.get(0),
                request.isEmpty() ? "" : request.get(1),
                headers,
                client,
                listener,
                caller,
                authenticator,
                roles,
                tenant,
                scope,
                claims,
                anonymous,
                credential());
    }

    private @Nullable String credential() throws IOException {
        String read;
        if (tokenFile != null) {
            read = Files.readString(tokenFile).strip();
        } else if ("-".equals(token)) {
            read = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } else {
            return token;
        }
        if (read.isEmpty()) {
            throw usage("The token is empty.");
        }
        return read;
    }

    private @Nullable LoggedRequest logged() throws IOException, QuestionException {
        if (requestId == null || log == null) {
            return null;
        }
        try (BufferedReader lines = log.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(log))) {
            return LoggedRequest.find(lines, requestId);
        }
    }

    /// By a file.
    private Outcome compile(Path file, Question question, @Nullable LoggedRequest logged) throws QuestionException {
        String time = at == null && logged != null ? logged.time() : at;
        InstantSource clock;
        try {
            clock = time == null ? InstantSource.system() : InstantSource.fixed(Instant.parse(time));
        } catch (DateTimeParseException e) {
            throw usage("--at: " + time + " (expected: a time such as 2026-01-31T12:00:00Z)");
        }
        Explained explained = OfflineGateway.explain(file, question, clock, System::getenv);
        return new Outcome(
                explained.result().decision(),
                format == OutputFormat.JSON ? ExplainedJson.of(explained) + "\n" : ExplainedText.of(explained));
    }

    /// By the running gateway.
    private Outcome ask(Question question) {
        AdminOptions.Answer answer =
                AdminOptions.at(admin).ask("POST", ExplainEndpoint.PATH, question.toJson(), format);
        if (answer.status() != 200) {
            Map<String, @Nullable Object> problem =
                    StrictJson.object(answer.body().getBytes(StandardCharsets.UTF_8));
            Object detail = problem == null ? null : problem.get("detail");
            throw new CommandFailure(
                    ExitCode.USAGE, detail == null ? answer.body().strip() : detail.toString());
        }
        String start = answer.body().substring(0, Math.min(64, answer.body().length()));
        // a running gateway asks its policy servers: it passes or does not
        boolean allowed = format == OutputFormat.JSON ? start.contains(ALLOWED_JSON) : start.startsWith(ALLOWED_TEXT);
        return new Outcome(allowed ? Decision.ALLOWED : Decision.REFUSED, answer.body());
    }

    private void print(Outcome outcome, @Nullable LoggedRequest logged) {
        PrintWriter out = spec.commandLine().getOut();
        if (format == OutputFormat.JSON) {
            out.print(
                    logged == null
                            ? outcome.body
                            : "{\"logged\": " + logged.toJson() + ",\n\"now\": " + outcome.body.strip() + "}\n");
            return;
        }
        if (logged != null) {
            out.print(logged.toText());
            logged.notes().forEach(note -> out.println("  " + note));
            out.println();
        }
        out.print(coloured(outcome));
    }

    private String coloured(Outcome outcome) {
        int end = outcome.body.indexOf(' ') < 0
                ? outcome.body.indexOf('\n')
                : Math.min(outcome.body.indexOf(' '), outcome.body.indexOf('\n'));
        if (end < 0 || !spec.commandLine().getColorScheme().ansi().enabled()) {
            return outcome.body;
        }
        String colour = outcome.decision == Decision.ALLOWED ? "\u001b[1;32m" : "\u001b[1;31m";
        return colour + outcome.body.substring(0, end) + "\u001b[0m" + outcome.body.substring(end);
    }
}
