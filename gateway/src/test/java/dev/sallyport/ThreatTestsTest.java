package dev.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which test covers which threat: `docs/security/threat-tests.md` is made from the names of the tests.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=ThreatTestsTest` writes it anew.
class ThreatTestsTest {
    private static final Path DOCUMENT = Path.of("../docs/security/threat-tests.md");
    private static final Pattern NAMED = Pattern.compile("(?:void |\")((?:[A-Z][A-Z0-9]_[0-9]{2}[ _])+)");
    private static final Pattern ID = Pattern.compile("([A-Z][A-Z0-9])_([0-9]{2})");

    private static final Map<String, String> FAMILIES = families();

    private static Map<String, String> families() {
        Map<String, String> families = new LinkedHashMap<>();
        families.put("SM", "HTTP/1.1 framing and request smuggling");
        families.put("H2", "HTTP/2 framing and translation");
        families.put("UP", "Upgrade and CONNECT");
        families.put("PA", "Paths and request targets");
        families.put("HD", "Host, forwarding, identity and hop-by-hop fields");
        families.put("TL", "TLS");
        families.put("DO", "Exhaustion");
        families.put("US", "Upstreams and names");
        families.put("FA", "Faults");
        families.put("LG", "Logs and metrics");
        families.put("AD", "Administration and configuration");
        families.put("AZ", "Access");
        families.put("RL", "Limits");
        return families;
    }

    /// Not to be found among the tests, and why.
    private static final Map<String, String> NOT_APPLICABLE = Map.of(
            "PA-15", "routes have no regular expressions",
            "HD-02", "TLS rules belong to the listener, not to the name, so no name has weaker ones than another",
            "HD-16", "the PROXY protocol is not spoken");

    private static Map<String, Set<String>> testsByThreat() {
        Map<String, Set<String>> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> collect(file, found));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }

    private static void collect(Path file, Map<String, Set<String>> found) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String test = file.getFileName().toString().replace(".java", "");
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            Matcher id = ID.matcher(named.group(1));
            while (id.find()) {
                found.computeIfAbsent(id.group(1) + "-" + id.group(2), key -> new TreeSet<>())
                        .add(test);
            }
        }
    }

    private static String document(Map<String, Set<String>> tests) {
        StringBuilder text = new StringBuilder("""
                # Threats and their tests

                Made from the names of the tests (`SM_01_…` is a test of threat SM-01); do not edit. `SALLYPORT_REWRITE=1 mvn test -Dtest=ThreatTestsTest`
                writes it anew. A test goes red when the control it names is removed.
                """);
        FAMILIES.forEach((family, title) -> {
            text.append("\n## ")
                    .append(family)
                    .append(" · ")
                    .append(title)
                    .append("\n\n| threat | tests |\n|---|---|\n");
            Map<String, String> rows = new TreeMap<>();
            tests.forEach((id, names) -> {
                if (id.startsWith(family)) {
                    rows.put(id, "`" + String.join("` · `", names) + "`");
                }
            });
            NOT_APPLICABLE.forEach((id, reason) -> {
                if (id.startsWith(family)) {
                    rows.putIfAbsent(id, "none: " + reason);
                }
            });
            rows.forEach((id, row) ->
                    text.append("| ").append(id).append(" | ").append(row).append(" |\n"));
        });
        return text.toString();
    }

    @Test
    void theDocumentIsMadeFromTheTests() throws IOException {
        String generated = document(testsByThreat());
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, generated);
        }
        assertThat(DOCUMENT).content().isEqualTo(generated);
    }

    @Test
    void everyThreatToWhatIsBuiltHasATest() {
        Set<String> wanted = new TreeSet<>();
        Map.of("SM", 28, "H2", 9, "PA", 20, "HD", 17)
                .forEach((family, last) -> IntStream.rangeClosed(1, last)
                        .forEach(number -> wanted.add("%s-%02d".formatted(family, number))));
        wanted.addAll(Set.of("FA-01", "FA-02", "FA-04", "FA-10"));
        wanted.removeAll(NOT_APPLICABLE.keySet());
        assertThat(testsByThreat().keySet()).containsAll(wanted);
    }
}
