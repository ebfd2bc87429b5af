package dev.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the hand-written documents say of the code is so.
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern TYPE =
            Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.([a-z][A-Za-z]*))?`");
    private static final Pattern PACKAGE =
            Pattern.compile("`((?:api|app|controlplane|dataplane|extension|telemetry)(?:\\.[a-z0-9]+)*)`");
    private static final Pattern DECLARATION = Pattern.compile("(?:class|record|interface|enum) ([A-Z]\\w*)");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(?:#[^)]*)?\\)");

    private static String read(String document) throws IOException {
        return Files.readString(ROOT.resolve(document));
    }

    /// The names of all types, nested ones included.
    private static Set<String> types() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("gateway/src"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                DECLARATION.matcher(Files.readString(file)).results().forEach(match -> names.add(match.group(1)));
            }
        }
        return names;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "ARCHITECTURE.md",
                "CONTRIBUTING.md",
                "docs/adr/0001-own-http1-codec.md",
                "docs/adr/0003-one-loop-per-exchange.md",
                "docs/adr/0004-deadlines-on-a-wheel.md",
                "docs/adr/0005-own-http2-frame-layer.md",
                "docs/adr/0006-no-total-timeout-by-default.md"
            })
    void namesTypesAndPackagesThatExist(String document) throws IOException {
        Set<String> types = types();
        String text = read(document);
        List<String> unknown = TYPE.matcher(text)
                .results()
                .map(match -> match.group(1))
                .filter(name -> !types.contains(name))
                .toList();
        assertThat(unknown).isEmpty();
        assertThat(PACKAGE.matcher(text).results().map(match -> match.group(1)))
                .allSatisfy(name -> assertThat(ROOT.resolve("gateway/src/main/java/dev/sallyport")
                                .resolve(name.replace('.', '/')))
                        .isDirectory());
    }

    @Test
    void theLifeOfARequestNamesThePhasesInTheirOrder() throws IOException {
        String phases =
                Arrays.stream(Phase.values()).map(phase -> "`" + phase + "`").collect(Collectors.joining(", "));
        assertThat(read("ARCHITECTURE.md").replaceAll("\\s+", " ")).contains(phases);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"})
    void linksLeadSomewhere(String document) throws IOException {
        assertThat(LINK.matcher(read(document)).results().map((MatchResult match) -> match.group(1)))
                .allSatisfy(link -> assertThat(ROOT.resolve(link)).exists());
    }
}
