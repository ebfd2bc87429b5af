package dev.sallyport.app.cli;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.StartException;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.process.LoopsFirst;
import dev.sallyport.app.process.Signals;
import dev.sallyport.app.process.StateFolder;
import dev.sallyport.controlplane.reload.Trigger;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A gateway as the process's main business: it listens to signals and leaves word of itself for other commands.
final class RunningGateway implements AutoCloseable {
    private final Gateway gateway;
    private final GatewayFlags flags;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final @Nullable Path word;

    private RunningGateway(Gateway gateway, GatewayFlags flags, @Nullable Path word) {
        this.gateway = gateway;
        this.flags = flags;
        this.word = word;
    }

    /// Starts with `config`.
    ///
    /// @throws CommandFailure it cannot start; the message says why
    static RunningGateway start(Path config, GatewayFlags flags, GatewayOptions options, PrintWriter err) {
        try {
            Gateway gateway = Gateway.start(config, options);
            RunningGateway running = new RunningGateway(gateway, flags, leaveWord(gateway, config, err));
            running.listenToSignals();
            LoopsFirst.arrange(options.environment());
            return running;
        } catch (StartException e) {
            if (e.problems().isEmpty()) {
                throw new CommandFailure(ExitCode.NOT_STARTED, String.valueOf(e.getMessage()));
            }
            boolean occupied =
                    e.problems().stream().allMatch(problem -> problem.message().contains("bind "));
            StringBuilder text = new StringBuilder();
            e.problems().forEach(problem -> text.append(problem).append('\n'));
            throw new CommandFailure(
                    occupied ? ExitCode.NOT_STARTED : ExitCode.REFUSED,
                    text + "Not started: " + config + " is not usable"
                            + (occupied ? " here and now." : ". See also: sallyport validate " + config));
        }
    }

    /// The options that `flags` are.
    static GatewayOptions options(GatewayFlags flags) {
        GatewayOptions options =
                GatewayOptions.usual().withWatch(flags.watch).withLog(new EventLog(System.err, flags.logFormat));
        if (flags.transport != null) {
            options = options.withTransport(flags.transport);
        }
        return flags.loops != null ? options.withLoops(flags.loops) : options;
    }

    Gateway gateway() {
        return gateway;
    }

    private static @Nullable Path leaveWord(Gateway gateway, Path config, PrintWriter err) {
        try {
            return StateFolder.of(System::getenv)
                    .write(new StateFolder.Running(
                            ProcessHandle.current().pid(),
                            "http://" + address(gateway),
                            gateway.adminToken(),
                            config.toAbsolutePath().toString()));
        } catch (IOException e) {
            err.println("sallyport status and reload will need --admin and a token: " + e);
            return null;
        }
    }

    private static String address(Gateway gateway) {
        String host = gateway.admin().getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : gateway.admin().getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + gateway.admin().getPort();
    }

    /// The URL of the admin listener, for people on this machine.
    String adminUrl() {
        return "http://" + address(gateway);
    }

    private void listenToSignals() {
        Signals.on("HUP", () -> gateway.reload(Trigger.SIGNAL));
        Signals.on("TERM", this::askedToStop);
        Signals.on("INT", this::askedToStop);
    }

    private void askedToStop() {
        if (asked.incrementAndGet() > 1) {
            forgetWord();
            Runtime.getRuntime().halt(0);
        }
        gateway.stop(flags.drainDelay, flags.drain);
        forgetWord();
        stopped.countDown();
    }

    /// Waits until a signal has stopped the gateway.
    void await() throws InterruptedException {
        stopped.await();
    }

    private void forgetWord() {
        if (word != null) {
            try {
                Files.deleteIfExists(word);
            } catch (IOException _) {
                // those who read it look whether the process lives
            }
        }
    }

    @Override
    public void close() {
        gateway.stop(Duration.ZERO, Duration.ZERO);
        forgetWord();
    }
}
