package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// `sallyport export`, and the committed files, which `SALLYPORT_REWRITE=1 mvn test -Dtest=ExportTest` writes anew.
/// That
/// Prometheus takes the rules and knows the metrics is tried with the real one elsewhere.
class ExportTest {
    private static final Path FOLDER = Path.of("../examples/prometheus");

    private static String exported(String what, int code) {
        StringWriter out = new StringWriter();
        assertThat(Main.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(out, true))
                        .execute("export", what))
                .isEqualTo(code);
        return out.toString();
    }

    private static void compare(String file, String generated) throws IOException {
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.writeString(FOLDER.resolve(file), generated);
        }
        assertThat(FOLDER.resolve(file)).content().isEqualTo(generated);
    }

    @Test
    void dashboardIsGenerated() throws IOException {
        String dashboard = exported("grafana-dashboard", ExitCode.OK);
        assertThat(StrictJson.object(dashboard.getBytes(StandardCharsets.UTF_8)))
                .containsEntry("uid", "sallyport");
        compare("sallyport-dashboard.json", dashboard);
    }

    @Test
    void rulesAreGenerated() throws IOException {
        compare("sallyport-rules.yaml", exported("prometheus-rules", ExitCode.OK));
    }

    @Test
    void saysWhatThereIs() {
        assertThat(exported("dashboard", ExitCode.USAGE)).contains("expected: grafana-dashboard or prometheus-rules");
    }
}
