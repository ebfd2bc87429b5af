package dev.sallyport.extension.token.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it replaces its keys loses none that it had told of.
class KeyFileCrashTest {
    private static final int ROUNDS = 4;

    @TempDir
    private Path folder;

    /// Replaces keys for ever, and says each time which one signs.
    public static final class Replacing {
        private Replacing() {}

        public static void main(String[] args) throws IOException {
            SigningKeys keys = opened(Path.of(args[0]));
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            while (true) {
                out.println(keys.replace().id());
            }
        }
    }

    private static SigningKeys opened(Path folder) throws IOException {
        SigningKeys keys = new SigningKeys(new FakeServices(folder), EventLog.SILENT);
        keys.need(Duration.ofMinutes(5));
        keys.open(SigningSettings.USUAL);
        return keys;
    }

    @Test
    void theKeyFileSurvivesKill() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (int round = 0; round < ROUNDS; round++) {
            Path out = folder.resolve("out");
            Process process = new ProcessBuilder(
                            java,
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            classes,
                            Replacing.class.getName(),
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(out.toFile())
                    .start();
            int enough = 20 + 7 * round;
            Eventually.until("so many keys", () -> lines(out).size() > enough);
            process.destroyForcibly().waitFor();
            List<String> told = lines(out);
            assertThat(folder.resolve("signing-keys.jwks.json")).exists();
            String kept = opened(folder).knownKeys().getFirst().id();
            assertThat(told.indexOf(kept))
                    .as("the last one told of, or one after it that was not yet told")
                    .satisfiesAnyOf(
                            at -> assertThat(at).isEqualTo(told.size() - 1),
                            at -> assertThat(at).isEqualTo(-1));
        }
    }

    /// Whole lines only.
    private static List<String> lines(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
