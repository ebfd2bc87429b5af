package dev.sallyport.app.cli.key;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists keys.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {
            "Lists API keys with everything that is stored of them but their hashes, the oldest first.",
            "",
            "States: active; replaced, good until the overlap ends; ended, the overlap is over; expired; disabled, by",
            "sallyport key revoke."
        })
final class ListCommand implements Callable<Integer> {
    @Mixin
    private final KeyPlace place = new KeyPlace();

    @Mixin
    private final KeyReport report = new KeyReport();

    @Override
    public Integer call() {
        place.ring(ring -> report.listed(ring.list()));
        return ExitCode.OK;
    }
}
