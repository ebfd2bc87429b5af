package dev.sallyport.controlplane.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigDump;
import dev.sallyport.controlplane.config.read.ConfigFile;
import dev.sallyport.controlplane.config.read.ConfigText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Whatever stands in a configuration file is compiled or refused with problems, in bounded time (threats AD-07,
/// FA-10).
class ConfigFuzzTest {
    private static final Path CASES = Path.of("src/test/resources/config").toAbsolutePath();
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int ROUNDS = 4000;
    private static final long SEED = 20261125;
    private static final List<String> PIECES = List.of(
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "\n",
            "  ",
            "\t",
            "&a ",
            "*a",
            "!!str ",
            "!x ",
            "|\n",
            ">-\n",
            "? ",
            "# ",
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "\"",
            "'",
            "${env:",
            "${file:/dev/null}",
            "${file:.}",
            "$${",
            "}",
            "null",
            "~",
            "<<: ",
            "1e999",
            "0x10",
            ".inf",
            "\u0000",
            "\u2028",
            "\ufeff",
            "\ud800",
            "\ud83d\ude00",
            "9999999999999999999",
            "-",
            "",
            "*");

    @FuzzTest(maxDuration = "2m")
    void anyBytes(byte[] data) {
        check(data);
    }

    @Test
    void mutatedCasesAreCompiledOrRefused() throws IOException {
        List<String> seeds = seeds();
        SplittableRandom random = new SplittableRandom(SEED);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
                for (int i = random.nextInt(1, 6); i > 0; i--) {
                    mutate(text, random);
                }
                check(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Test
    void randomPiecesAreCompiledOrRefused() {
        SplittableRandom random = new SplittableRandom(SEED);
        Assertions.assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            for (int round = 0; round < ROUNDS; round++) {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(40); i > 0; i--) {
                    text.append(PIECES.get(random.nextInt(PIECES.size())));
                    text.append((char) random.nextInt('a', 'e'));
                }
                check(text.toString().getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Test
    void AD_07_deepAndWideDocumentsEndSoon() {
        int size = 500_000;
        List<String> bombs = List.of(
                "[".repeat(size),
                "{".repeat(size),
                "{a: ".repeat(size),
                "? ".repeat(size),
                "- ".repeat(size),
                "&a ".repeat(size),
                "!a ".repeat(size),
                "a: &a [*a, *a]\n",
                "\"" + "\\u0041".repeat(size),
                "a: " + "b".repeat(4 * size),
                "k: v\n".repeat(size / 10),
                nested("x: &x0 [1,1,1,1,1,1,1,1]\n", 30),
                "version: 1\nlisteners: {" + "a: b, ".repeat(size / 10) + "}\n",
                "version: 1\nupstreams: { a: { endpoints: [" + "x, ".repeat(size / 10) + "] } }\n",
                "version: ${env:" + "${env:".repeat(size / 10));
        for (String bomb : bombs) {
            Assertions.assertTimeoutPreemptively(
                    LONGEST, () -> check(bomb.getBytes(StandardCharsets.UTF_8)), bomb.substring(0, 12));
        }
    }

    private static String nested(String first, int levels) {
        StringBuilder text = new StringBuilder(first);
        for (int i = 1; i <= levels; i++) {
            text.append("y%d: &x%d [*x%d, *x%d, *x%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
        }
        return text.toString();
    }

    private static void check(byte[] data) {
        ConfigText text = new ConfigText(List.of(new ConfigFile("fuzz.yaml", CASES, data)), List.of());
        ConfigDocument document = Compilers.reader().read(text);
        Compilation result = Compilers.compiler().compile(document, null, 1);
        switch (result) {
            case Compilation.Invalid invalid -> assertThat(invalid.problems()).anyMatch(ConfigProblem::isError);
            case Compiled compiled ->
                assertThat(ConfigDump.yaml(compiled.document())).isNotEmpty();
        }
        for (ConfigProblem problem : result.problems()) {
            assertThat(problem.toString()).doesNotContain("\n", "\r", "\u001b").hasSizeLessThan(1200);
        }
    }

    private static void mutate(StringBuilder text, SplittableRandom random) {
        int at = random.nextInt(text.length() + 1);
        int end = Math.min(text.length(), at + random.nextInt(20));
        switch (random.nextInt(4)) {
            case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
            case 1 -> text.delete(at, end);
            case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
            default -> {
                if (at < text.length()) {
                    text.setCharAt(at, (char) random.nextInt(0x20, 0x7f));
                }
            }
        }
    }

    private static List<String> seeds() throws IOException {
        List<String> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(CASES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".in.yaml"))
                    .sorted()
                    .toList()) {
                seeds.add(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        }
        return seeds;
    }
}
