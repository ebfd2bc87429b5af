package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.controlplane.admin.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Has running gateways refuse credentials that have not expired.
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Has running gateways refuse credentials that have not expired.",
            "",
            "The gateway asked refuses them when this returns, and ends responses under way; gateways that share",
            "its state do so within revocation.check-every. Say what with one of --jti, --subject, --client and --key,",
            "or with --issued-before; what else is given must hold too."
        },
        footer = {
            "",
            "Examples:",
            "  sallyport revoke --jti 7f9c2ba4 --issuer https://id.example.com --for 1h --reason 'lost laptop'",
            "  sallyport revoke --subject alice --issued-before 2026-11-25T08:00:00Z",
            "  sallyport revoke --list",
            "  sallyport revoke --undo 0f3e5ad10c2b4d71"
        })
public final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private final AdminOptions admin = new AdminOptions();

    @ArgGroup(exclusive = false, heading = "What:%n")
    private @Nullable What what;

    @Option(names = "--list", description = "Shows everything that is revoked, with ids.")
    private boolean list;

    @Option(names = "--undo", paramLabel = "ID", description = "Takes back the revocation of this id.")
    private @Nullable String undo;

    @Option(names = "--format", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// Which credentials.
    static final class What {
        @Option(
                names = "--jti",
                paramLabel = "ID",
                description = "The credential's own name: a token's jti, the id of an API key or session.")
        private @Nullable String jti;

        @Option(names = "--subject", paramLabel = "ID", description = "Who calls.")
        private @Nullable String subject;

        @Option(names = "--client", paramLabel = "ID", description = "The client it was made for.")
        private @Nullable String client;

        @Option(names = "--key", paramLabel = "KID", description = "The id of the key that signed it.")
        private @Nullable String key;

        @Option(
                names = "--issued-before",
                paramLabel = "TIME",
                description =
                        "It was made before this time, or does not say when; such as 2026-01-31T12:00:00Z or now.")
        private @Nullable String issuedBefore;

        @Option(names = "--issuer", paramLabel = "URL", description = "Who made it.")
        private @Nullable String issuer;

        @Option(names = "--authenticator", paramLabel = "NAME", description = "The authenticator that took it.")
        private @Nullable String authenticator;

        @Option(
                names = "--for",
                paramLabel = "TIME",
                description = "Until when this matters: how long the credentials would last. Default: for ever.")
        private @Nullable Duration lasting;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
        private @Nullable String reason;

        private Json json(Instant now) {
            Json json = new Json();
            put(json, "jti", jti);
            put(json, "subject", subject);
            put(json, "client", client);
            put(json, "key", key);
            put(json, "issued-before", "now".equals(issuedBefore) ? now.toString() : issuedBefore);
            put(json, "issuer", issuer);
            put(json, "authenticator", authenticator);
            put(json, "expires", lasting == null ? null : now.plus(lasting).toString());
            put(json, "reason", reason);
            return json;
        }

        private static void put(Json json, String name, @Nullable String value) {
            if (value != null) {
                json.put(name, value);
            }
        }
    }

    @Override
    public Integer call() {
        if ((what != null ? 1 : 0) + (list ? 1 : 0) + (undo != null ? 1 : 0) != 1) {
            throw new ParameterException(
                    spec.commandLine(), "What to revoke, --list, or --undo ID: exactly one of these.");
        }
        AdminOptions.Answer answer;
        if (what != null) {
            answer =
                    admin.ask("POST", "/revocations", what.json(Instant.now().truncatedTo(ChronoUnit.SECONDS)), format);
        } else if (undo != null) {
            answer = admin.ask("DELETE", "/revocations?id=" + undo.replaceAll("[^A-Za-z0-9]", ""), format);
        } else {
            answer = admin.ask("GET", "/revocations", format);
        }
        boolean done = answer.status() < 400;
        (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).print(answer.body());
        return done ? ExitCode.OK : ExitCode.REFUSED;
    }
}
