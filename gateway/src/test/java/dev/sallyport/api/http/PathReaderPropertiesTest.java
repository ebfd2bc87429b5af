package dev.sallyport.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PathReaderPropertiesTest {
    private static final Pattern GRAMMAR = Pattern.compile("/(?:[A-Za-z0-9._~!$&'()*+,=:@;/-]|%(?:[2-9A-F][0-9A-F]))*");
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

    private final PathReader reader = new PathReader();

    private boolean accepts(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        return reader.read(bytes, 0, bytes.length) == null && reader.end() == bytes.length;
    }

    @Property(tries = 20_000)
    void PA_01_resultIsCanonicalAndReadsAsItself(@ForAll("hostilePaths") String path) {
        if (!accepts(path)) {
            return;
        }
        String canonical = reader.path();
        int ambiguity = reader.ambiguity();
        assertThat(canonical).matches(GRAMMAR);
        for (String segment : canonical.split("/|%2F", -1)) {
            String bare = segment.replaceFirst("(;|%3B).*", "");
            assertThat(bare).isNotIn(".", "..");
        }
        assertThat(accepts(canonical)).isTrue();
        assertThat(reader.path()).isEqualTo(canonical);
        assertThat(ambiguity).isEqualTo(ambiguity | reader.ambiguity());
    }

    @Property(tries = 20_000)
    void agreesWithRfc3986InTwoSteps(@ForAll("hostilePaths") String path) {
        if (accepts(path)) {
            assertThat(reader.path()).isEqualTo(withoutDotSegments(oneSpelling(path)));
        }
    }

    /// Whatever an upstream does with an unambiguous path, it sees the area that was matched here.
    @Property(tries = 20_000)
    void G3_everyReadingOfAnUnambiguousPathLeadsToTheSameArea(@ForAll("hostilePaths") String path) {
        if (!accepts(path) || reader.ambiguity() != 0) {
            return;
        }
        String canonical = reader.path();
        String area = area(canonical);
        String decoded = URLDecoder.decode(canonical.replace("+", "%2B"), StandardCharsets.UTF_8);
        assertThat(area(decoded)).as("decodes once").isEqualTo(area);
        assertThat(area(withoutDotSegments(decoded))).as("decodes, resolves").isEqualTo(area);
        assertThat(area(withoutDotSegments(decoded.replaceAll(";[^/]*", "").replaceAll("/+", "/"))))
                .as("decodes, strips parameters, merges slashes, resolves")
                .isEqualTo(area);
        assertThat(area(withoutDotSegments(decoded.replace('\\', '/'))))
                .as("takes \\ for /")
                .isEqualTo(area);
    }

    @Property(tries = 20_000)
    void anyOctetsAreEitherRefusedOrCanonical(@ForAll byte[] octets) {
        byte[] bytes = octets.clone();
        if (bytes.length == 0) {
            return;
        }
        bytes[0] = '/';
        if (reader.read(bytes, 0, bytes.length) == null) {
            assertThat(reader.path()).matches(GRAMMAR);
            assertThat(reader.end() == bytes.length || bytes[reader.end()] == '?')
                    .isTrue();
        }
    }

    private static String area(String path) {
        return path.equals("/admin") || path.startsWith("/admin/") ? "admin" : "other";
    }

    private static String oneSpelling(String path) {
        Matcher escapes = ESCAPE.matcher(path);
        String text = escapes.replaceAll(escape -> {
            String character = Character.toString(Integer.parseInt(escape.group(1), 16));
            return character.matches("[A-Za-z0-9._~-]")
                    ? character
                    : escape.group().toUpperCase(Locale.ROOT);
        });
        return text.replace("[", "%5B").replace("]", "%5D").replace("|", "%7C");
    }

    private static String withoutDotSegments(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            boolean dots = segments[i].equals(".") || segments[i].equals("..");
            if (segments[i].equals("..")) {
                kept.pollLast();
            }
            if (!dots) {
                kept.add(segments[i]);
            } else if (last) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }

    @Provide
    Arbitrary<String> hostilePaths() {
        return Arbitraries.of(
                        "/",
                        "/",
                        "/",
                        ".",
                        "..",
                        "%2e",
                        "%2E",
                        "%2f",
                        "%5c",
                        ";",
                        "%3b",
                        "a",
                        "admin",
                        "%61dmin",
                        "public",
                        "%25",
                        "2e",
                        "2f",
                        "%c3%a4",
                        "%e2%82%ac",
                        "%c0%ae",
                        "%ff",
                        "~",
                        "%7e",
                        "%20",
                        "+",
                        "|",
                        "[",
                        "]",
                        "%00",
                        "=",
                        "%23",
                        "%3f")
                .list()
                .ofMaxSize(12)
                .map(tokens -> "/" + String.join("", tokens));
    }
}
