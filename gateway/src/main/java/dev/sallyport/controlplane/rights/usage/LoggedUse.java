package dev.sallyport.controlplane.rights.usage;

import dev.sallyport.telemetry.LogField;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// The requests that access logs tell of, in either of their formats. Confined to one thread.
public final class LoggedUse {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_LINE = 1 << 20;

    private final @Nullable Instant since;
    private final Map<Use, Long> uses = new HashMap<>();
    private long lines;
    private long unreadable;
    private long earlier;
    private long letIn;
    private boolean roles;
    private @Nullable Instant first;
    private @Nullable Instant last;

    /// Requests of the same kind that were let in.
    ///
    /// @param roles         that the caller's credential stated; empty where it or the log states none
    /// @param authenticator what proved the caller, empty for anonymous ones
    public record Use(String route, String method, Set<String> roles, String authenticator) {
        public Use {
            roles = Set.copyOf(roles);
        }
    }

    /// @param since lines of before are passed over; null for none
    public LoggedUse(@Nullable Instant since) {
        this.since = since;
    }

    /// Takes in the lines of a file, which may be compressed by gzip.
    ///
    /// @throws IOException it cannot be read
    public void read(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = reader.readLine()) != null) {
                if (!line.isBlank()) {
                    take(line);
                }
            }
        }
    }

    /// Takes in one line.
    void take(String line) {
        lines++;
        Line read = line.length() > LONGEST_LINE ? null : Line.parse(line);
        Instant at = read == null ? null : read.at();
        if (read == null || at == null) {
            unreadable++;
            return;
        }
        if (since != null && at.isBefore(since)) {
            earlier++;
            return;
        }
        first = first == null || at.isBefore(first) ? at : first;
        last = last == null || at.isAfter(last) ? at : last;
        roles |= !read.roles.isEmpty();
        String route = read.texts.get(LogField.ROUTE);
        if (route != null && read.letIn()) {
            letIn++;
            Use use = new Use(
                    route,
                    read.texts.getOrDefault(LogField.METHOD, ""),
                    read.roles,
                    read.texts.getOrDefault(LogField.AUTHENTICATOR, ""));
            uses.merge(use, 1L, Long::sum);
        }
    }

    /// A line as far as it matters here.
    private record Line(Map<LogField, String> texts, Set<String> roles) {
        private static final Set<LogField> WANTED =
                Set.of(LogField.TIMESTAMP, LogField.ROUTE, LogField.METHOD, LogField.DECISION, LogField.AUTHENTICATOR);

        static @Nullable Line parse(String text) {
            Line line = new Line(new HashMap<>(), new LinkedHashSet<>());
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    return null;
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    line.member(parser.currentName(), parser);
                }
                return line;
            } catch (JacksonException e) {
                return null;
            }
        }

        private void member(String name, JsonParser parser) {
            JsonToken token = parser.nextToken();
            if (is(LogField.ROLES, name) && token == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.VALUE_STRING) {
                    roles.add(parser.getString());
                }
                return;
            }
            if (token == JsonToken.VALUE_STRING) {
                for (LogField field : WANTED) {
                    if (is(field, name)) {
                        texts.put(field, parser.getString());
                    }
                }
            }
            parser.skipChildren();
        }

        private static boolean is(LogField field, String name) {
            return field.otel().equals(name) || field.ecs().equals(name);
        }

        @Nullable
        Instant at() {
            try {
                return Instant.parse(texts.getOrDefault(LogField.TIMESTAMP, ""));
            } catch (DateTimeParseException e) {
                return null;
            }
        }

        /// What failed later was let in too.
        boolean letIn() {
            String decision = texts.getOrDefault(LogField.DECISION, "");
            return decision.equals("allowed") || decision.equals("failed");
        }
    }

    /// Kinds of requests that were let in, with how many there were of each.
    public Map<Use, Long> uses() {
        return Map.copyOf(uses);
    }

    /// How many lines there were at all.
    public long lines() {
        return lines;
    }

    /// Lines that are no access log lines.
    public long unreadable() {
        return unreadable;
    }

    /// Lines from before the time that is looked at.
    public long earlier() {
        return earlier;
    }

    /// Requests that were let in.
    public long letIn() {
        return letIn;
    }

    /// Whether any line tells of roles.
    public boolean tellsRoles() {
        return roles;
    }

    /// When the first request was; null when there was none.
    public @Nullable Instant first() {
        return first;
    }

    /// When the last request was; null when there was none.
    public @Nullable Instant last() {
        return last;
    }

    /// The methods that a route was used with.
    Set<String> methods(String route) {
        Set<String> methods = new HashSet<>();
        uses.keySet().stream().filter(use -> use.route().equals(route)).forEach(use -> methods.add(use.method()));
        return methods;
    }
}
