package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The committed reference of the command line is what the commands say of themselves.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=CommandReferenceTest` writes it anew.
class CommandReferenceTest {
    private static final Path FILE = Path.of("../docs/reference/cli.md");

    @Test
    void referenceIsGenerated() throws IOException {
        StringBuilder text = new StringBuilder("# Command line\n\nMade from `--help`; do not edit.\n");
        append(text, Main.commandLine(), "sallyport");
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.createDirectories(FILE.toAbsolutePath().getParent());
            Files.writeString(FILE, text);
        }
        assertThat(FILE).content().isEqualTo(text.toString());
    }

    private static void append(StringBuilder text, CommandLine command, String name) {
        String usage = command.getUsageMessage(Ansi.OFF).stripTrailing().replaceAll("[ \\t]+\\n", "\n");
        text.append("\n## `")
                .append(name)
                .append("`\n\n```text\n")
                .append(usage)
                .append("\n```\n");
        command.getSubcommands().forEach((sub, line) -> {
            if (!line.getCommandSpec().usageMessage().hidden() && !sub.equals("help")) {
                append(text, line, name + " " + sub);
            }
        });
    }
}
