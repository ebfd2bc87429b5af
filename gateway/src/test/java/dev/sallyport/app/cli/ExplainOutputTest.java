package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What `explain` prints, as `src/test/resources/explain/cases.txt` has it: commands and their output.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=ExplainOutputTest` writes it anew.
class ExplainOutputTest {
    private static final Path FOLDER = Path.of("src/test/resources/explain");
    private static final Path CASES = FOLDER.resolve("cases.txt");
    private static final String COMMAND = "$ sallyport ";
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    @Test
    void printsWhatIsWrittenDown() throws IOException {
        String expected = Files.readString(CASES);
        StringBuilder text = new StringBuilder();
        for (String line :
                expected.lines().filter(one -> one.startsWith(COMMAND)).toList()) {
            text.append(text.isEmpty() ? "" : "\n").append(line).append('\n').append(run(line));
        }
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.writeString(CASES, text);
            expected = text.toString();
        }
        assertThat(text).hasToString(expected);
    }

    private static String run(String line) {
        List<String> words = new ArrayList<>();
        WORD.matcher(line.substring(COMMAND.length())).results().forEach(word -> {
            String text = word.group(1) != null ? word.group(1) : word.group(2);
            words.add(text.equals("gateway.yaml") ? FOLDER.resolve(text).toString() : text);
        });
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(words.toArray(String[]::new));
        return out + (code == 0 ? "" : "[exit " + code + "]\n");
    }
}
