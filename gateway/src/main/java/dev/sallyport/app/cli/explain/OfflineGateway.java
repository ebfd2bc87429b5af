package dev.sallyport.app.cli.explain;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.app.ConfigCheck;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.explain.Explained;
import dev.sallyport.app.explain.Explainer;
import dev.sallyport.app.explain.Question;
import dev.sallyport.app.explain.QuestionException;
import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.revocation.LiveRevocations;
import dev.sallyport.controlplane.revocation.RevocationWatch;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a gateway would say if it ran with a file: everything but ports and upstreams. Its authenticators are started
/// only where a credential is to be judged; those that need a server for it ask that server.
final class OfflineGateway {
    private static final int START_SECONDS = 10;

    private OfflineGateway() {}

    /// Explains.
    ///
    /// @param clock what conditions on the time, and expiry, go by
    static Explained explain(
            Path config, Question question, InstantSource clock, Function<String, @Nullable String> environment)
            throws QuestionException {
        Lent usual = Lent.inMemory(environment);
        Lent services = new Lent(new MemoryState(clock), usual.blocking(), clock, usual.folder());
        Compiled compiled = compiled(config, ConfigCheck.compile(config, environment, services));
        LiveRevocations revoked = new LiveRevocations();
        List<LongLived> started = new ArrayList<>();
        try (RevocationWatch watch = new RevocationWatch(revoked, services, EventLog.SILENT, () -> {});
                ExecutorService loop = Executors.newSingleThreadExecutor(
                        Thread.ofVirtual().name("loop").factory())) {
            watch.prepare(compiled.config().revocation()).use();
            if (!question.assumesCaller()
                    && (question.token() != null || !question.headers().isEmpty())) {
                start(compiled, started);
            }
            return new Explainer(new AdmissionGate(revoked), loop, clock, false).explain(question, compiled);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "revocation.list: " + e.getMessage());
        } finally {
            started.forEach(OfflineGateway::close);
        }
    }

    private static Compiled compiled(Path config, Compilation compilation) {
        return switch (compilation) {
            case Compiled compiled -> compiled;
            case Compilation.Invalid invalid -> {
                StringBuilder text = new StringBuilder();
                invalid.problems().stream()
                        .filter(ConfigProblem::isError)
                        .forEach(problem -> text.append(problem).append('\n'));
                throw new CommandFailure(ExitCode.USAGE, text + "Nothing to explain: " + config + " is not usable.");
            }
        };
    }

    /// Those that are not ready in time refuse, as they do at a gateway's start.
    private static void start(Compiled compiled, List<LongLived> started) {
        for (BuiltPlugin<Authenticator> built : compiled.parts().authenticators()) {
            if (built.plugin() instanceof LongLived longLived) {
                started.add(longLived);
                try {
                    longLived.start().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException _) {
                    // it says so itself when it is asked
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static void close(LongLived longLived) {
        longLived.close();
    }
}
