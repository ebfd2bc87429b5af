package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.rights.AccessMatrix;
import dev.sallyport.controlplane.rights.Caller;
import dev.sallyport.controlplane.rights.Right;
import dev.sallyport.controlplane.rights.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The access matrix as a table for people, as CSV, and as JSON.
final class MatrixText {
    private MatrixText() {}

    static String answer(Right right) {
        return right.isAlways() ? "yes" : right.isNever() ? "no" : "depends";
    }

    static String table(AccessMatrix matrix) {
        Columns columns = new Columns();
        List<String> head = new ArrayList<>(List.of("ROUTE", "METHOD", "PATH"));
        matrix.callers().forEach(caller -> head.add(caller.label()));
        columns.add(head);
        Notes notes = new Notes();
        for (Row row : matrix.rows()) {
            List<String> line = new ArrayList<>(List.of(row.route(), row.methodText(), row.place()));
            for (Caller caller : matrix.callers()) {
                Right right = row.right(caller);
                int note = notes.number(right);
                line.add(note == 0 ? answer(right) : "depends [" + note + "]");
            }
            columns.add(line);
        }
        StringBuilder text = new StringBuilder(columns.toString());
        for (int i = 0; i < notes.texts().size(); i++) {
            text.append(i == 0 ? "\n" : "")
                    .append('[')
                    .append(i + 1)
                    .append("] if ")
                    .append(notes.texts().get(i))
                    .append('\n');
        }
        return text.toString();
    }

    /// Comma-separated values (RFC 4180). No cell begins with a character that spreadsheets take for a formula.
    static String csv(AccessMatrix matrix) {
        StringBuilder text = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("route", "method", "hosts", "path"));
        matrix.callers().forEach(caller -> head.add(caller.label()));
        line(text, head);
        for (Row row : matrix.rows()) {
            List<String> cells = new ArrayList<>(List.of(
                    row.route(),
                    row.methodText(),
                    String.join(" ", row.match().hosts()),
                    row.place().substring(String.join(",", row.match().hosts()).length())));
            for (Caller caller : matrix.callers()) {
                Right right = row.right(caller);
                String answer = answer(right);
                cells.add(answer.equals("depends") ? "depends: " + right : answer);
            }
            line(text, cells);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(cells.stream().map(MatrixText::cell).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String cell(String value) {
        String safe = value.isEmpty() || "=+-@\t\r".indexOf(value.charAt(0)) < 0 ? value : "'" + value;
        return safe.matches("[^\",\\r\\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    static Json json(AccessMatrix matrix) {
        List<Json> rows = new ArrayList<>();
        for (Row row : matrix.rows()) {
            Json rights = new Json();
            for (Caller caller : matrix.callers()) {
                Right right = row.right(caller);
                Json one = new Json().put("answer", answer(right));
                rights.put(key(caller), answer(right).equals("depends") ? one.put("on", right.toString()) : one);
            }
            rows.add(new Json()
                    .put("route", row.route())
                    .put("method", row.methodText())
                    .put("hosts", row.match().hosts())
                    .put("path", row.match().path().text())
                    .put("place", row.place())
                    .put("public", row.right(new Caller.Anonymous()).isAlways())
                    .put("rights", rights));
        }
        return new Json()
                .put("callers", matrix.callers().stream().map(MatrixText::key).toList())
                .put("rows", rows);
    }

    /// Roles cannot be taken for the other two: their names hold no spaces and no parentheses.
    private static String key(Caller caller) {
        return switch (caller) {
            case Caller.Anonymous _ -> "(anonymous)";
            case Caller.AnyProven _ -> "(any proven caller)";
            case Caller.WithRole(String role) -> role;
        };
    }
}
