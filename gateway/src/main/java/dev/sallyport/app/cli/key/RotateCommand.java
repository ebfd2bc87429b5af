package dev.sallyport.app.cli.key;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Replaces a key.
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a new API key for the same owner, with the same terms, and prints it as sallyport key create does.",
            "",
            "The old one stays good for the overlap, so that its owner can change over without a refused request. A key",
            "that expires gets as much time again as the old one was given."
        })
final class RotateCommand implements Callable<Integer> {
    @Mixin
    private final KeyPlace place = new KeyPlace();

    @Mixin
    private final KeyReport report = new KeyReport();

    @Parameters(index = "0", paramLabel = "ID", description = "The key's id, as sallyport key list shows it.")
    private String id = "";

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long the old key stays good, 0s for not at all (default: ${DEFAULT-VALUE}).")
    private Duration overlap = Duration.ofHours(24);

    @Override
    public Integer call() {
        Pepper pepper = place.pepper();
        place.ring(ring -> report.issued(ring.rotate(pepper, id, overlap)));
        return ExitCode.OK;
    }
}
