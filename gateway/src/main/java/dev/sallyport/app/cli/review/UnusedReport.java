package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.rights.usage.Advice;
import dev.sallyport.controlplane.rights.usage.LoggedUse;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// What nobody used, as text for people and as JSON.
record UnusedReport(LoggedUse use, Advice advice) {
    String text() {
        StringBuilder text = new StringBuilder();
        text.append(use.letIn()).append(" requests were let in");
        if (use.first() != null) {
            text.append(", from ").append(use.first()).append(" to ").append(use.last());
        }
        text.append(".\n\n");
        if (advice.removals().isEmpty()) {
            text.append(use.letIn() == 0 ? "" : "Everything that is seen here was used.\n\n");
        } else {
            text.append("Nobody used:\n");
            Columns columns = new Columns();
            for (Advice.Removal one : advice.removals()) {
                String note = one.note().isEmpty() ? "" : "(" + one.note() + ")";
                columns.add(List.of(
                        "- " + one.path() + (one.value().isEmpty() ? "" : ": " + one.value()),
                        one.at().toString(),
                        note));
            }
            text.append(columns).append('\n');
        }
        text.append("What this cannot show:\n");
        advice.caveats().forEach(caveat -> text.append("  ").append(caveat).append('\n'));
        return text.toString();
    }

    Json json() {
        return new Json()
                .put("let-in", use.letIn())
                .put("from", use.first() == null ? null : Objects.toString(use.first()))
                .put("to", use.last() == null ? null : Objects.toString(use.last()))
                .put("lines", use.lines())
                .put("unreadable-lines", use.unreadable())
                .put("earlier-lines", use.earlier())
                .put(
                        "unused",
                        advice.removals().stream()
                                .map(one -> new Json()
                                        .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
                                        .put("path", one.path())
                                        .put("file", one.at().file())
                                        .put("line", one.at().line())
                                        .put("column", one.at().column())
                                        .put("value", one.value())
                                        .put("note", one.note()))
                                .toList())
                .put("caveats", advice.caveats());
    }
}
