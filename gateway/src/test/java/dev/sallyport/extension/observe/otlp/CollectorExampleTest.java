package dev.sallyport.extension.observe.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// `examples/otel-collector`: there is no collector to try it with, but what it refers to has to be there.
class CollectorExampleTest {
    private static final Path FILE = Path.of("../examples/otel-collector/collector.yaml");
    private static final Pattern OURS = Pattern.compile("otlp: \"http://([^\"]+)\"");

    private static Map<?, ?> map(Map<?, ?> of, String... names) {
        Map<?, ?> at = of;
        for (String name : names) {
            at = (Map<?, ?>) Objects.requireNonNull(at.get(name), name);
        }
        return at;
    }

    @Test
    void pipelinesOfAllSignalsReferToWhatIsThere() throws IOException {
        Map<?, ?> all = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FILE));
        Map<?, ?> pipelines = map(all, "service", "pipelines");
        assertThat(pipelines.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder("traces", "metrics", "logs");
        for (Object pipeline : pipelines.values()) {
            for (String kind : List.of("receivers", "processors", "exporters")) {
                List<?> named = (List<?>) Objects.requireNonNull(((Map<?, ?>) pipeline).get(kind));
                assertThat(named).isNotEmpty();
                assertThat(map(all, kind).keySet().containsAll(named)).isTrue();
            }
        }
    }

    @Test
    void listensWhereItsFirstLinesSendTheGateway() throws IOException {
        String text = Files.readString(FILE);
        Map<?, ?> all = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text);
        Object endpoint = map(all, "receivers", "otlp", "protocols", "http").get("endpoint");
        Matcher ours = OURS.matcher(text);
        int found = 0;
        while (ours.find()) {
            assertThat(ours.group(1)).isEqualTo(endpoint);
            found++;
        }
        assertThat(found).isEqualTo(2);
    }
}
