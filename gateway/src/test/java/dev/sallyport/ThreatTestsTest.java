package dev.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /// A test method that begins with ids, or a text that does: the name of one case among several.
    private static final Pattern NAMED = Pattern.compile(
            "[\\w>] ((?:[A-Z][A-Z0-9]_[0-9]{2}_)+)(\\w+)\\(|\"((?:[A-Z][A-Z0-9]_[0-9]{2}[ _])+)([^\"]+)\"");

    private static final Pattern ID = Pattern.compile("([A-Z][A-Z0-9])_([0-9]{2})");
    private static final Map<String, String> FAMILIES = new LinkedHashMap<>();
    private static final Map<String, String> WITHOUT_TEST = new TreeMap<>();

    static {
        FAMILIES.put("SM", "HTTP/1.1 framing and request smuggling");
        FAMILIES.put("H2", "HTTP/2 framing and translation");
        FAMILIES.put("UP", "Upgrade and CONNECT");
        FAMILIES.put("PA", "Paths and request targets");
        FAMILIES.put("HD", "Host, forwarding, identity and hop-by-hop fields");
        FAMILIES.put("JW", "JSON Web Tokens");
        FAMILIES.put("OA", "OAuth 2.0, OpenID Connect, sessions");
        FAMILIES.put("DP", "Sender-bound tokens");
        FAMILIES.put("TL", "TLS and client certificates");
        FAMILIES.put("AK", "API keys and passwords");
        FAMILIES.put("AZ", "Access");
        FAMILIES.put("RL", "Limits");
        FAMILIES.put("DO", "Exhaustion");
        FAMILIES.put("US", "Upstreams and names");
        FAMILIES.put("AD", "Administration and configuration");
        FAMILIES.put("LG", "Logs and metrics");
        FAMILIES.put("FA", "Faults");

        IntStream.rangeClosed(1, 6).forEach(number -> WITHOUT_TEST.put("H3-0" + number, "HTTP/3 is not spoken"));
        WITHOUT_TEST.put("PA-15", "regular expressions in routes: there are none");
        WITHOUT_TEST.put(
                "HD-02",
                "another host than the name asked for in TLS: TLS rules belong to the listener, so no name has weaker ones");
        WITHOUT_TEST.put("HD-16", "the PROXY protocol: not spoken");
        WITHOUT_TEST.put("DO-12", "decompression: bodies pass as they are");
        WITHOUT_TEST.put("DO-14", "JSON and XML: bodies are not parsed");
        WITHOUT_TEST.put("DO-16", "many ranges: passed on, none is served here");
        WITHOUT_TEST.put("DO-17", "multipart and media types: not parsed");
        WITHOUT_TEST.put("DO-18", "QUIC is not spoken");
        WITHOUT_TEST.put(
                "DO-21",
                "direct memory: no test by this id; a leak fails every build (`TestGuard`), no limit is tested");
    }

    /// What tests say of a threat, and where they stand.
    private record Covered(Set<String> claims, Set<String> classes) {}

    @Test
    void theDocumentIsMadeFromTheTests() throws IOException {
        String generated = document(covered());
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.createDirectories(Path.of("../docs/security"));
            Files.writeString(DOCUMENT, generated);
        }
        assertThat(DOCUMENT).content().isEqualTo(generated);
    }

    @Test
    void everyThreatToWhatIsBuiltHasATestOrAReason() throws IOException {
        Set<String> without = catalogued();
        without.removeAll(covered().keySet());
        assertThat(without).isEqualTo(WITHOUT_TEST.keySet());
    }

    @Test
    void everyFamilyHasATitle() throws IOException {
        assertThat(covered().keySet()).allMatch(id -> FAMILIES.containsKey(family(id)));
    }

    /// The ids of the threats that this version has to answer to.
    private static Set<String> catalogued() {
        Set<String> ids = new TreeSet<>(Set.of("FA-01", "FA-02", "FA-04", "FA-10"));
        Map.of("SM", 28, "H2", 9, "H3", 6, "PA", 20, "HD", 17, "DO", 22)
                .forEach((family, last) ->
                        IntStream.rangeClosed(1, last).forEach(number -> ids.add("%s-%02d".formatted(family, number))));
        return ids;
    }

    private static Map<String, Covered> covered() throws IOException {
        Map<String, Covered> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            List<Path> tests = files.filter(file -> file.toString().matches(".*(Test|IT|Contract)\\.java"))
                    .toList();
            for (Path test : tests) {
                String name = test.getFileName().toString().replace(".java", "");
                NAMED.matcher(Files.readString(test)).results().forEach(match -> {
                    boolean method = match.group(1) != null;
                    String claim = method ? words(match.group(2)) : match.group(4);
                    Matcher id = ID.matcher(method ? match.group(1) : match.group(3));
                    while (id.find()) {
                        Covered covered = found.computeIfAbsent(
                                id.group(1) + "-" + id.group(2), key -> new Covered(new TreeSet<>(), new TreeSet<>()));
                        covered.claims.add(claim.strip());
                        covered.classes.add("`" + name + "`");
                    }
                });
            }
        }
        return found;
    }

    /// `refusesBareLineFeeds` as words.
    private static String words(String method) {
        return method.replaceAll("(?<=[a-z0-9])(?=[A-Z]\\w)", " ")
                .replaceAll("(?<=[A-Z])(?=[A-Z][a-z])|(?<=of|ith)(?=[0-9])", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static String family(String id) {
        return id.substring(0, 2);
    }

    private static String document(Map<String, Covered> threats) {
        StringBuilder text = new StringBuilder("""
                # Threats and their tests

                Made from the names of the tests: `SM_01_refusesContentLengthWithTransferEncoding` is a test of threat SM-01. Do not edit;
                `SALLYPORT_REWRITE=1 mvn test -pl gateway -Dtest=ThreatTestsTest` writes it anew. The ids are those of the catalogue of attacks and
                faults that Sallyport is built against.
                """);
        FAMILIES.forEach((family, title) -> {
            text.append(
                    "\n## %s · %s%n%n| threat | what tests say | where |%n|---|---|---|%n".formatted(family, title));
            threats.forEach((id, covered) -> {
                if (family(id).equals(family)) {
                    text.append("| %s | %s | %s |%n"
                            .formatted(
                                    id,
                                    String.join(" · ", covered.claims).replace("|", "\\|"),
                                    String.join(", ", covered.classes)));
                }
            });
        });
        text.append("""

                ## Without a test

                Threats to what this version does and leaves out that no test names.

                | threat | why |
                |---|---|
                """);
        WITHOUT_TEST.forEach((id, reason) -> text.append("| %s | %s |%n".formatted(id, reason)));
        return text.toString();
    }
}
