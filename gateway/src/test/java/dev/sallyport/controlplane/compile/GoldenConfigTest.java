package dev.sallyport.controlplane.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigDump;
import dev.sallyport.controlplane.config.read.ConfigFile;
import dev.sallyport.controlplane.config.read.ConfigText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Compiles every `NAME.in.yaml` (or folder `NAME.in`) of `src/test/resources/config` and compares what comes out:
/// `NAME.out.yaml` when it compiles, `NAME.problems.txt` for its problems, warnings included.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=GoldenConfigTest` writes what comes out instead; read the difference.
class GoldenConfigTest {
    private static final Path CASES = Path.of("src/test/resources/config").toAbsolutePath();
    private static final boolean REWRITE = System.getenv("SALLYPORT_REWRITE") != null;

    @TestFactory
    Stream<DynamicTest> compilesAsWritten() throws IOException {
        return inputs().stream().map(input -> DynamicTest.dynamicTest(name(input), () -> check(input)));
    }

    @Test
    void everyExpectationHasItsCase() throws IOException {
        List<String> names = inputs().stream().map(GoldenConfigTest::name).toList();
        try (Stream<Path> files = Files.list(CASES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".out.yaml") || file.endsWith(".problems.txt"))
                            .map(file -> file.substring(0, file.indexOf('.'))))
                    .isNotEmpty()
                    .allMatch(names::contains);
        }
    }

    private static void check(Path input) throws IOException {
        ConfigDocument document = Compilers.reader().read(text(input));
        Compilation result = Compilers.compiler().compile(document, null, 1);
        String problems = result.problems().stream()
                .map(problem -> problem.toString().replace(CASES.toString(), "FOLDER"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        compare(CASES.resolve(name(input) + ".problems.txt"), problems);
        compare(
                CASES.resolve(name(input) + ".out.yaml"),
                result instanceof Compiled compiled ? ConfigDump.yaml(compiled.document()) : "");
        if (result instanceof Compiled compiled) {
            String dump = ConfigDump.yaml(compiled.document());
            ConfigDocument again = Compilers.reader().read(ConfigText.of("again.yaml", CASES, dump));
            assertThat(again.problems()).isEmpty();
            assertThat(again.config()).isEqualTo(compiled.config());
        }
    }

    private static void compare(Path expectation, String actual) throws IOException {
        if (REWRITE) {
            if (actual.isEmpty()) {
                Files.deleteIfExists(expectation);
            } else {
                Files.writeString(expectation, actual);
            }
        }
        String expected = Files.exists(expectation) ? Files.readString(expectation) : "";
        assertThat(actual).as(expectation.getFileName().toString()).isEqualTo(expected);
    }

    /// The files under the names that problems show, without the folder they happen to be in.
    private static ConfigText text(Path input) {
        ConfigText read = ConfigText.read(input);
        List<ConfigFile> files = new ArrayList<>();
        for (ConfigFile file : read.files()) {
            String shown = Path.of(file.name()).getFileName().toString();
            files.add(new ConfigFile(shown, file.folder(), file.bytes()));
        }
        return new ConfigText(files, read.problems());
    }

    private static List<Path> inputs() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.filter(file -> file.toString().endsWith(".in.yaml")
                            || file.toString().endsWith(".in"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path input) {
        String file = input.getFileName().toString();
        return file.substring(0, file.indexOf('.'));
    }
}
