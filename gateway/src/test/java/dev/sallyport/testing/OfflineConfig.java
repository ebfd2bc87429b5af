package dev.sallyport.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.ConfigCheck;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ConfigProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compiles configurations of tests as the commands do that only look at them.
public final class OfflineConfig {
    private OfflineConfig() {}

    /// Compiles `yaml` as if it stood in `folder`, which must work.
    public static Compiled compiled(Path folder, String yaml) {
        try {
            Path file = Files.writeString(folder.resolve("gateway.yaml"), yaml);
            Compilation compilation = ConfigCheck.compile(file, _ -> null);
            assertThat(compilation.problems().stream().filter(ConfigProblem::isError))
                    .isEmpty();
            return (Compiled) compilation;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
