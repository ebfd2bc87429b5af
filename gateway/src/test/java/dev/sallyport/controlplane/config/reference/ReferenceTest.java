package dev.sallyport.controlplane.config.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.Catalog;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The committed reference and schema are what the records say.
///
/// `SALLYPORT_REWRITE=1 mvn test -Dtest=ReferenceTest` writes them anew.
class ReferenceTest {
    private static final Path FOLDER = Path.of("../docs/reference");

    @Test
    void referenceIsGenerated() throws IOException {
        compare(FOLDER.resolve("configuration.md"), ReferenceText.of(Catalog.plugins(EventLog.SILENT)));
    }

    @Test
    void schemaIsGenerated() throws IOException {
        compare(FOLDER.resolve("sallyport.schema.json"), JsonSchema.of(Catalog.plugins(EventLog.SILENT)));
    }

    @Test
    void everyKeyIsDescribed() {
        assertThat(ReferenceText.of(Catalog.plugins(EventLog.SILENT)).lines()).noneMatch(line -> line.endsWith("|  |"));
    }

    private static void compare(Path file, String generated) throws IOException {
        if (System.getenv("SALLYPORT_REWRITE") != null) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, generated);
        }
        assertThat(file).content().isEqualTo(generated);
    }
}
