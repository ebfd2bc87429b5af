package dev.sallyport.app.cli.key;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Revokes a key.
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Revokes an API key: gateways refuse it as soon as they see the change. Its record stays.",
            "",
            "Responses under way go on; sallyport revoke --jti ID ends those too."
        })
final class RevokeCommand implements Callable<Integer> {
    @Mixin
    private final KeyPlace place = new KeyPlace();

    @Mixin
    private final KeyReport report = new KeyReport();

    @Parameters(index = "0", paramLabel = "ID", description = "The key's id, as sallyport key list shows it.")
    private String id = "";

    @Override
    public Integer call() {
        place.ring(ring -> report.revoked(ring.revoke(id)));
        return ExitCode.OK;
    }
}
