package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.posture.Rule;
import dev.sallyport.controlplane.posture.Rules;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What documents show of `access` and `audit` is what these say: each `console` block with one such command is run,
/// with the files that the document shows.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=ReviewDocumentsTest` writes it anew.
class ReviewDocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern FILE = Pattern.compile("(?ms)^```yaml ([\\w.-]+)\\n(.*?)^```");
    private static final Pattern COMMAND =
            Pattern.compile("(?ms)^```console\\n\\$ \\./sallyport ((?:access|audit) [^\\n]*)\\n(.*?)^```");
    private static final Pattern RULES = Pattern.compile("(?s)<!-- rules -->\\n.*<!-- /rules -->");

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeWhatIsNotShown() throws IOException {
        Files.writeString(folder.resolve("admin-token"), "0123456789abcdef\n");
        Files.writeString(
                folder.resolve("access.log"),
                line("2026-10-31T23:59:59.999Z", "log", "GET", "auditor")
                        + line("2026-11-02T08:00:00.000Z", "read-orders", "GET", "reader")
                        + line("2026-11-20T08:00:00.000Z", "change-orders", "POST", "clerk")
                        + line("2026-11-20T08:00:01.000Z", "status", "GET", "clerk"));
    }

    private static String line(String at, String route, String method, String role) {
        return "{\"timestamp\":\"" + at + "\",\"http.request.method\":\"" + method + "\",\"gateway.route\":\"" + route
                + "\",\"gateway.decision\":\"allowed\",\"user.id\":\"" + role + "\",\"user.roles\":[\"" + role
                + "\"],\"gateway.authenticator\":\"staff\"}\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/access.md", "docs/audit.md"})
    void documentsShowWhatTheCommandsSay(String name) throws IOException {
        Path document = ROOT.resolve(name);
        String text = Files.readString(document);
        Matcher file = FILE.matcher(text);
        while (file.find()) {
            Files.writeString(folder.resolve(file.group(1)), file.group(2));
        }
        String shown = COMMAND.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        "```console\n$ ./sallyport " + found.group(1) + "\n" + run(found.group(1)) + "```"));
        assertThat(COMMAND.matcher(text).find()).isTrue();
        same(document, text, shown);
    }

    @Test
    void everyRuleIsListed() throws IOException {
        Path document = ROOT.resolve("docs/audit.md");
        String text = Files.readString(document);
        StringBuilder table = new StringBuilder(
                "<!-- rules -->\n| Rule | Severity | What is found, and why it matters | What would be right |\n|---|---|---|---|\n");
        for (Rule rule : Rules.all()) {
            table.append("| ")
                    .append(rule.id())
                    .append(" `")
                    .append(rule.name())
                    .append("` | ")
                    .append(rule.severity().name().toLowerCase(Locale.ROOT))
                    .append(" | ")
                    .append(rule.title())
                    .append(' ')
                    .append(rule.why())
                    .append(" | ")
                    .append(rule.right())
                    .append(" |\n");
        }
        same(document, text, RULES.matcher(text).replaceFirst(Matcher.quoteReplacement(table + "<!-- /rules -->")));
    }

    private static void same(Path document, String text, String right) throws IOException {
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.writeString(document, right);
        } else {
            assertThat(text).isEqualTo(right);
        }
    }

    /// Runs a command with the files of the document in the place of their names.
    private String run(String line) {
        String[] words = line.split(" ");
        for (int i = 0; i < words.length; i++) {
            if (Files.exists(folder.resolve(words[i]))) {
                words[i] = folder.resolve(words[i]).toString();
            }
        }
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        Main.commandLine().setOut(writer).setErr(writer).execute(words);
        return out.toString().replace(folder + "/", "");
    }
}
