package dev.sallyport.controlplane.config.read;

import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Mark;
import dev.sallyport.controlplane.config.Plugins;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads YAML (and so JSON) that is no configuration but data, into one record and as strictly: unknown keys are
/// errors, and nothing in it refers to files or variables.
public final class RecordReader {
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RecordReader() {}

    /// What was read.
    ///
    /// @param value    null when there are problems
    /// @param problems everything that is wrong
    /// @param places   where everything stands
    public record Outcome<T>(@Nullable T value, List<ConfigProblem> problems, Places places) {
        public Outcome {
            problems = List.copyOf(problems);
        }

        /// All problems in one line each, for a log.
        public String complaint() {
            return problems.stream().limit(5).map(ConfigProblem::toString).collect(Collectors.joining("; "));
        }
    }

    /// Reads a file.
    public static <T extends Record> Outcome<T> read(Path file, Class<T> type) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(YamlReader.MOST_OCTETS + 1);
            if (octets.length > YamlReader.MOST_OCTETS) {
                return failed(
                        file.toString(), "too large", "expected: at most " + (YamlReader.MOST_OCTETS >> 20) + "MiB");
            }
            return parse(file.toString(), octets, type);
        } catch (IOException e) {
            return failed(file.toString(), "cannot be read: " + ConfigText.reason(e), "");
        }
    }

    /// Reads text in UTF-8.
    ///
    /// @param name of where it came from, for problems
    public static <T extends Record> Outcome<T> parse(String name, byte[] octets, Class<T> type) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            return failed(name, "not UTF-8 text", "expected: UTF-8");
        }
        Problems problems = new Problems();
        Places places = new Places();
        String keys = RecordKeys.of(type).keys().stream().map(Key::name).collect(Collectors.joining(", "));
        Node node = new YamlReader(name, "a map with " + keys, problems).read(text);
        if (node == null) {
            return new Outcome<>(null, problems.sorted(), places);
        }
        Binder binder = new Binder(new Plugins(List.of()), References.none(), file -> Path.of(""), problems, places);
        Object bound = binder.bindWhole(node, type);
        boolean usable = problems.count() == 0 && !Binder.failed(bound);
        return new Outcome<>(usable ? type.cast(bound) : null, problems.sorted(), places);
    }

    /// Reads JSON: what YAML takes beyond it is refused.
    ///
    /// @param name of where it came from, for problems
    public static <T extends Record> Outcome<T> json(String name, byte[] octets, Class<T> type) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), octets)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return failed(name, "no JSON object", "expected: one, such as {\"a\": \"b\"}");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                return failed(name, "more than one JSON value", "expected: one");
            }
        } catch (JacksonException e) {
            return failed(name, "not JSON: " + e.getOriginalMessage(), "");
        }
        return parse(name, octets, type);
    }

    private static <T> Outcome<T> failed(String name, String message, String hint) {
        return new Outcome<>(null, List.of(ConfigProblem.error(Mark.of(name), "", message, hint)), new Places());
    }
}
