package dev.sallyport.controlplane.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.Catalog;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every configuration in the repository compiles: YAML files, and fenced `yaml` blocks of Markdown that begin
/// with `version:`. Certificates, keys and secrets they name are put beside them.
class EveryYamlTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path TLS = Path.of("src/test/resources/config/tls");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml[^\\n]*\\n(.*?)^```");
    private static final Pattern CONFIGURATION = Pattern.compile("(?m)^version: 1\\s*(#.*)?$");
    private static final Pattern REFERENCE = Pattern.compile(
            "\\b(chain|key|trust): ([\\w./-]+)|\\$\\{(file):([^}]+)}|\\{ (file): ([\\w./-]+)|\\b(list): ([\\w./-]+)"
                    + "|\\b(keys|users): ([\\w./-]+\\.yaml)|\\b(keys): ([\\w./-]+\\.json)");
    private static final String DECRYPTING =
            "{\"keys\":[{\"kty\":\"oct\",\"use\":\"enc\",\"kid\":\"k\",\"k\":\"AAECAwQFBgcICQoLDA0ODw\"}]}";

    @TempDir
    private Path folder = Path.of("");

    /// A configuration and where it was found.
    private record Found(String where, String text) {}

    @TestFactory
    Stream<DynamicTest> compiles() throws IOException {
        return found().stream().map(found -> DynamicTest.dynamicTest(found.where, () -> check(found)));
    }

    @Test
    void findsTheExamplesAndTheStarter() throws IOException {
        assertThat(found())
                .extracting(Found::where)
                .anyMatch(where -> where.startsWith("examples/"))
                .anyMatch(where -> where.endsWith("starter.yaml"));
    }

    private void check(Found found) throws IOException {
        Path own = Files.createTempDirectory(folder, "example");
        Matcher reference = REFERENCE.matcher(found.text);
        while (reference.find()) {
            supply(own, reference);
        }
        ConfigReader reader = new ConfigReader(Catalog.plugins(EventLog.SILENT), EveryYamlTest::secret);
        ConfigDocument document = reader.read(ConfigText.of(found.where, own, found.text));
        Compilation result = Compilers.compiler().compile(document, null, 1);
        assertThat(result.problems()).isEmpty();
        assertThat(result).isInstanceOf(Compiled.class);
    }

    /// Secrets are set in the environment of whoever follows an example; everything else must have a default.
    private static @Nullable String secret(String name) {
        return name.matches(".*(TOKEN|SECRET|PASSWORD|KEY)") ? "0123456789abcdef0123456789abcdef" : null;
    }

    private static void supply(Path own, Matcher reference) throws IOException {
        if (reference.group(1) != null) {
            String file = switch (reference.group(1)) {
                case "chain" -> "server.crt";
                case "key" -> "server.key";
                default -> "ca.crt";
            };
            Path target = own.resolve(reference.group(2));
            Files.createDirectories(target.getParent());
            Files.copy(TLS.resolve(file), target, StandardCopyOption.REPLACE_EXISTING);
        } else if (reference.group(3) != null) {
            Path target = own.resolve(reference.group(4));
            Files.createDirectories(target.getParent());
            // other ones in other files
            Files.writeString(target, "0123456789abcdef0123456789abcdef-" + target.getFileName() + "\n");
        } else if (reference.group(5) != null) {
            Files.createDirectories(own.resolve(reference.group(6)).getParent());
        } else if (reference.group(7) != null) {
            Path target = own.resolve(reference.group(8));
            Files.createDirectories(target.getParent());
            Files.writeString(target, "revoked: []\n");
        } else if (reference.group(11) != null) {
            Path target = own.resolve(reference.group(12));
            Files.createDirectories(target.getParent());
            Files.writeString(target, DECRYPTING);
        } else {
            Path target = own.resolve(reference.group(10));
            Files.createDirectories(target.getParent());
            Files.writeString(target, "version: \"1\"\n");
        }
    }

    private static List<Found> found() throws IOException {
        List<Found> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(EveryYamlTest::ours).sorted().toList()) {
                String where = ROOT.relativize(file).toString();
                String text = Files.readString(file);
                if (!where.endsWith(".md")) {
                    add(all, where, text);
                    continue;
                }
                Matcher block = BLOCK.matcher(text);
                while (block.find()) {
                    long line = text.substring(0, block.start()).lines().count() + 2;
                    add(all, where + ":" + line, block.group(1));
                }
            }
        }
        return all;
    }

    private static void add(List<Found> all, String where, String text) {
        if (CONFIGURATION.matcher(text).find()) {
            all.add(new Found(where, text));
        }
    }

    private static boolean ours(Path file) {
        String path = ROOT.relativize(file).toString();
        boolean built = path.contains("target/") || path.startsWith(".") || path.contains("/node_modules/");
        boolean golden = path.contains("src/test/resources/");
        return !built && !golden && path.matches(".*\\.(ya?ml|md)") && Files.isRegularFile(file);
    }
}
