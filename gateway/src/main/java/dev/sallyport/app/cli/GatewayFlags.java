package dev.sallyport.app.cli;

import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a gateway is run, beyond its configuration.
final class GatewayFlags {
    @Option(
            names = "--watch",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether changed files are taken into use by themselves (default: they are).")
    boolean watch = true;

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long requests under way may take after SIGTERM (default: ${DEFAULT-VALUE}).")
    Duration drain = Duration.ofSeconds(30);

    @Option(
            names = "--drain-delay",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "How long to go on accepting after SIGTERM while /readyz already says draining, so that load "
                    + "balancers notice (default: ${DEFAULT-VALUE}).")
    Duration drainDelay = Duration.ZERO;

    @Option(names = "--loops", paramLabel = "N", description = "How many event loops (default: one per processor).")
    @Nullable
    Integer loops;

    @Option(
            names = "--transport",
            paramLabel = "KIND",
            description = "epoll, io_uring or nio (default: epoll where it exists).")
    @Nullable
    Transport transport;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "logfmt",
            description = "Of the process log on standard error: logfmt or json (default: ${DEFAULT-VALUE}).")
    EventLog.Format logFormat = EventLog.Format.LOGFMT;
}
