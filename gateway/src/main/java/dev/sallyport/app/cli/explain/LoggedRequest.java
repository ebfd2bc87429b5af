package dev.sallyport.app.cli.explain;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.app.explain.ExplainedText;
import dev.sallyport.app.explain.Question;
import dev.sallyport.app.explain.QuestionException;
import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.telemetry.LogField;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as its line in the access log has it, in either format.
///
/// @param notes what the line does not tell
record LoggedRequest(Map<String, @Nullable Object> line, List<String> notes) {
    private static final String CUT = "[truncated ";

    /// The request called `id`.
    ///
    /// @param log its lines, to the last of which is read
    /// @throws QuestionException there is none, or its line cannot be read
    static LoggedRequest find(BufferedReader log, String id) throws IOException, QuestionException {
        Map<String, @Nullable Object> found = null;
        String text;
        while ((text = log.readLine()) != null) {
            if (text.contains(id)) {
                Map<String, @Nullable Object> line = StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
                if (line != null && id.equals(text(line, LogField.REQUEST_ID))) {
                    found = line;
                }
            }
        }
        if (found == null) {
            throw new QuestionException("request: " + id
                    + " is not in the log (expected: what X-Request-Id says of a request; those that could not be"
                    + " understood have none)");
        }
        return new LoggedRequest(found, new ArrayList<>());
    }

    private static @Nullable Object value(Map<String, @Nullable Object> line, LogField field) {
        Object value = line.get(field.otel());
        return value == null ? line.get(field.ecs()) : value;
    }

    private static String text(Map<String, @Nullable Object> line, LogField field) {
        Object value = value(line, field);
        return value == null ? "" : value.toString();
    }

    private String text(LogField field) {
        return text(line, field);
    }

    private List<String> roles() {
        return value(line, LogField.ROLES) instanceof List<?> roles
                ? roles.stream().map(String::valueOf).toList()
                : List.of();
    }

    /// When it came.
    String time() {
        return text(LogField.TIMESTAMP);
    }

    /// The same request again, for the caller that it had.
    ///
    /// @param further header fields and claims, which are not in the log
    Question question(Question further) throws QuestionException {
        String path = text(LogField.PATH);
        String query = text(LogField.QUERY);
        String caller = text(LogField.PRINCIPAL);
        if (path.contains(CUT) || query.contains(CUT)) {
            throw new QuestionException(
                    "its path or query was too long for the log (expected: METHOD and URL instead)");
        }
        if (query.contains("[redacted]")) {
            notes.add("Secrets in its query are not in the log.");
        }
        if (further.headers().isEmpty()) {
            notes.add("Header fields are not in the log: rules that ask for them need --header.");
        }
        boolean known = !caller.isEmpty() || further.assumesCaller();
        if (known && further.claims().isEmpty()) {
            notes.add("Claims are not in the log: conditions on them need --claim.");
        }
        if (known && line.get(LogField.ROLES.otel()) == null && further.roles().isEmpty()) {
            notes.add("It is logged without roles.");
        }
        String port = text(LogField.SERVER_PORT);
        String listener = text(LogField.LISTENER);
        return new Question(
                text(LogField.METHOD),
                text(LogField.SCHEME) + "://" + text(LogField.SERVER_ADDRESS) + (port.isEmpty() ? "" : ":" + port)
                        + path + (query.isEmpty() ? "" : "?" + query),
                further.headers(),
                further.client() == null ? text(LogField.CLIENT_ADDRESS) : further.client(),
                further.listener() == null && !listener.isEmpty() ? listener : further.listener(),
                further.caller() == null && !caller.isEmpty() ? caller : further.caller(),
                further.authenticator() == null && !caller.isEmpty()
                        ? text(LogField.AUTHENTICATOR)
                        : further.authenticator(),
                further.roles().isEmpty() ? roles() : further.roles(),
                further.tenant(),
                further.scope(),
                further.claims(),
                !known,
                null);
    }

    /// What was decided then, for people.
    String toText() {
        StringBuilder out = new StringBuilder("logged ").append(time()).append(": ");
        out.append(text(LogField.DECISION));
        append(out, " ", LogField.STATUS);
        append(out, " ", LogField.REASON);
        append(out, " by ", LogField.RULE);
        append(out, ", shadow ", LogField.SHADOW_RULE);
        append(out, ", route ", LogField.ROUTE);
        append(out, ", caller ", LogField.PRINCIPAL);
        append(out, " of ", LogField.AUTHENTICATOR);
        if (!roles().isEmpty()) {
            out.append(" with roles ").append(String.join(", ", roles()));
        }
        append(out, ", configuration ", LogField.CONFIG_VERSION);
        return ExplainedText.printable(out.toString()) + "\n";
    }

    private void append(StringBuilder out, String before, LogField field) {
        String value = text(field);
        if (!value.isEmpty()) {
            out.append(before).append(value);
        }
    }

    /// What was decided then, for programs.
    Json toJson() {
        return new Json()
                .put("time", time())
                .put("decision", text(LogField.DECISION))
                .put("status", value(line, LogField.STATUS))
                .put("reason", value(line, LogField.REASON))
                .put("rule", value(line, LogField.RULE))
                .put("shadow-rule", value(line, LogField.SHADOW_RULE))
                .put("route", value(line, LogField.ROUTE))
                .put("caller", value(line, LogField.PRINCIPAL))
                .put("authenticator", value(line, LogField.AUTHENTICATOR))
                .put("roles", roles())
                .put("config", value(line, LogField.CONFIG_VERSION))
                .put("notes", notes);
    }
}
