package dev.sallyport.app.cli.key;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.live.Holder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes a key.
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an API key and prints it: once, on standard output. What else there is to say goes to standard error.",
            "",
            "A file that is not there yet is made."
        },
        footer = {
            "",
            "Example:",
            "  sallyport key create --file keys/partners.yaml --owner acme --tenant a --role partner \\",
            "      --expires 90d --address 10.0.0.0/8"
        })
final class CreateCommand implements Callable<Integer> {
    @Mixin
    private final KeyPlace place = new KeyPlace();

    @Mixin
    private final KeyReport report = new KeyReport();

    @Option(
            names = "--owner",
            paramLabel = "ID",
            required = true,
            description = "Whose it is: the principal's id, in log, limits and what upstreams are told.")
    private String owner = "";

    @Option(names = "--tenant", paramLabel = "NAME", description = "Whom the owner belongs to.")
    private @Nullable String tenant;

    @Option(names = "--role", paramLabel = "NAME", description = "A role of the owner; may be repeated.")
    private List<String> roles = new ArrayList<>();

    @Option(
            names = "--claim",
            paramLabel = "NAME=TEXT",
            description = "What else is to be known of the owner; may be repeated.")
    private Map<String, String> claims = new LinkedHashMap<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long it is good, such as 90d (default: until it is revoked).")
    private @Nullable Duration expires;

    @Option(
            names = "--address",
            paramLabel = "RANGE",
            description = "From where it may be used, such as 10.0.0.0/8; may be repeated (default: anywhere).")
    private List<String> addresses = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Holder holder;
        KeyRecord.Term term;
        try {
            holder = new Holder(owner, tenant, roles, Claims.of(claims));
            Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            term = new KeyRecord.Term(
                    now,
                    expires == null ? null : now.plus(expires),
                    false,
                    addresses.stream().map(AddressRange::parse).toList(),
                    null,
                    null);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
        Pepper pepper = place.pepper();
        place.ring(ring -> report.issued(ring.create(pepper, holder, term)));
        return ExitCode.OK;
    }
}
