package dev.sallyport.app.cli.key;

import dev.sallyport.app.Catalog;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.extension.authn.apikey.ApiKeyConfig;
import dev.sallyport.extension.authn.apikey.KeySource;
import dev.sallyport.extension.authn.apikey.key.KeyFile;
import dev.sallyport.extension.authn.apikey.key.KeyRing;
import dev.sallyport.extension.authn.apikey.key.KeyStore;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.apikey.key.PepperFile;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.telemetry.EventLog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Where the keys are that a command works on.
final class KeyPlace {
    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private Place place;

    @Option(
            names = "--pepper-file",
            paramLabel = "FILE",
            description = "With --file: what hashes are keyed with, when the authenticator's pepper is in this file "
                    + "(default: in the gateway's data folder, made where it is missing).")
    private @Nullable Path pepperFile;

    /// One or the other.
    static final class Place {
        @Option(names = "--file", paramLabel = "FILE", description = "A file of keys.")
        private @Nullable Path file;

        @ArgGroup(exclusive = false)
        private @Nullable Configured configured;
    }

    /// What a gateway's configuration says.
    static final class Configured {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description =
                        "The gateway's configuration, a file or folder: where keys are and what they are hashed with "
                                + "is what it says.")
        private Path config = Path.of("");

        @Option(
                names = "--authenticator",
                paramLabel = "NAME",
                description = "Which authenticator of kind api-key, where there are several.")
        private @Nullable String authenticator;
    }

    /// What is done with keys.
    @FunctionalInterface
    interface Work {
        void with(KeyRing ring) throws StoreException;
    }

    /// Does `work`.
    ///
    /// @throws CommandFailure it cannot be done
    void ring(Work work) {
        try (KeyStore store = store()) {
            work.with(new KeyRing(store, InstantSource.system()));
        } catch (StoreException e) {
            throw refused(e);
        }
    }

    KeyStore store() {
        return place.file != null
                ? new KeyFile(place.file)
                : KeySource.store(configured().keys());
    }

    /// What new keys are hashed with.
    Pepper pepper() {
        Path folder = Lent.inMemory(System::getenv).folder();
        try {
            if (place.file == null) {
                return KeySource.pepper(configured(), folder);
            }
            PepperFile pepper = pepperFile == null ? PepperFile.in(folder) : new PepperFile(pepperFile);
            return pepper.readOrMake();
        } catch (StoreException | IllegalArgumentException e) {
            throw refused(e);
        }
    }

    private ApiKeyConfig configured() {
        Configured configured = place.configured;
        if (configured == null) {
            throw new IllegalStateException("neither --file nor --config (expected: picocli wants one)");
        }
        ConfigDocument document = new ConfigReader(Catalog.plugins(EventLog.SILENT), System::getenv)
                .read(ConfigText.read(configured.config));
        Map<String, ApiKeyConfig> found = new TreeMap<>();
        document.config().authenticators().forEach((name, use) -> {
            boolean meant = configured.authenticator == null || configured.authenticator.equals(name);
            if (meant && use.config() instanceof ApiKeyConfig keys) {
                found.put(name, keys);
            }
        });
        if (found.size() == 1) {
            return found.values().iterator().next();
        }
        if (found.size() > 1) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "Several authenticators are of kind api-key; say which with --authenticator: "
                            + String.join(", ", found.keySet()));
        }
        String problems = document.problems().stream()
                .filter(ConfigProblem::isError)
                .map(problem -> problem + "\n")
                .collect(Collectors.joining());
        throw new CommandFailure(
                ExitCode.REFUSED,
                problems + configured.config + " has no authenticator of kind api-key"
                        + (configured.authenticator == null ? "" : " called " + configured.authenticator) + ".");
    }

    static CommandFailure refused(Exception e) {
        return new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
    }
}
