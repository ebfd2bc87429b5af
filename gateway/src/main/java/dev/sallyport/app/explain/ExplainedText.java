package dev.sallyport.app.explain;

import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.access.Explanation.Finding;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// An explanation for people: the decision first, then how it came about, in columns.
public final class ExplainedText {
    private static final String LABEL = "            ";
    private static final String STEP = "  ";

    private final StringBuilder out = new StringBuilder();

    private ExplainedText() {}

    /// Its lines, the last with its end too.
    public static String of(Explained explained) {
        ExplainedText text = new ExplainedText();
        text.decision(explained.result());
        if (!explained.result().detail().isEmpty()) {
            text.out.append(printable(explained.result().detail())).append('\n');
        }
        text.request(explained.request());
        text.out.append('\n');
        text.routes(explained);
        text.caller(explained);
        text.rules(explained);
        text.policies(explained);
        text.target(explained);
        text.notes(explained.notes());
        return text.out.toString();
    }

    private void decision(Explained.Result result) {
        out.append(result.decision().name());
        if (result.status() != 0) {
            out.append(' ').append(result.status());
        }
        if (!result.reason().isEmpty()) {
            out.append(' ').append(result.reason());
        }
        if (!result.rule().isEmpty()) {
            out.append("  by ").append(printable(result.rule()));
        }
        if (!result.told().isEmpty() && !result.told().equals(result.reason())) {
            out.append("  (the client is told ").append(result.told()).append(')');
        }
        out.append('\n');
    }

    private void request(Explained.Request request) {
        out.append(printable(request.method()))
                .append(' ')
                .append(request.scheme())
                .append("://")
                .append(printable(request.authority()))
                .append(request.path().startsWith("/") ? "" : " ")
                .append(printable(request.path()));
        if (request.query() != null) {
            out.append('?').append(printable(request.query()));
        }
        out.append("  from ")
                .append(request.client())
                .append(" to listener ")
                .append(request.listener())
                .append(", configuration ")
                .append(request.config())
                .append('\n');
    }

    private void routes(Explained explained) {
        Explained.TakenRoute route = explained.route();
        List<List<String>> rows = new ArrayList<>();
        if (route == null) {
            rows.add(List.of("none"));
        } else {
            StringBuilder parameters = new StringBuilder();
            for (int i = 0; i < route.parameters().size(); i += 2) {
                parameters
                        .append(i == 0 ? "" : ", ")
                        .append(route.parameters().get(i))
                        .append(" = ")
                        .append(printable(route.parameters().get(i + 1)));
            }
            rows.add(List.of(route.name(), route.match(), parameters.toString()));
        }
        for (Explained.OtherRoute other : explained.others()) {
            rows.add(List.of(
                    other.name(),
                    other.match(),
                    other.lacking().isEmpty() ? "fits too, less specific" : String.join(", ", other.lacking())));
        }
        section("route", rows);
    }

    private void caller(Explained explained) {
        Explained.Caller caller = explained.caller();
        if (caller != null) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of(printable(caller.id())
                    + (caller.assumed() ? ", assumed to be proven by " : ", proven by ")
                    + caller.authenticator()));
            if (!caller.roles().isEmpty()) {
                rows.add(List.of("roles " + names(caller.roles())
                        + (caller.inherited().isEmpty() ? "" : ", and by these " + names(caller.inherited()))));
            }
            if (caller.tenant() != null) {
                rows.add(List.of("tenant " + printable(caller.tenant())));
            }
            section("caller", rows);
        } else if (!explained.authenticators().isEmpty()) {
            section("caller", List.of(List.of("anonymous")));
        }
        if (explained.route() != null) {
            List<List<String>> rows = new ArrayList<>();
            explained.authenticators().forEach(one -> rows.add(List.of(one.name(), one.kind(), printable(one.said()))));
            section("access", rows.isEmpty() ? List.of(List.of(explained.route().access())) : rows);
        }
    }

    private static String names(List<String> names) {
        return names.stream().map(ExplainedText::printable).collect(Collectors.joining(", "));
    }

    private void rules(Explained explained) {
        List<List<String>> rows = new ArrayList<>();
        explained.rules().forEach(finding -> rows(finding, 0, rows));
        if (!explained.result().shadowRule().isEmpty()) {
            rows.add(List.of("shadow", explained.result().shadowRule() + "  would refuse if it were enforced"));
        }
        section("rules", rows);
    }

    /// The answer first: rules are as long as they like.
    private static void rows(Finding finding, int depth, List<List<String>> rows) {
        String indent = STEP.repeat(depth);
        if (finding.answer() == Answer.VALUE) {
            rows.add(List.of("", indent + oneLine(finding.rule()) + " = " + oneLine(finding.because())));
            return;
        }
        Finding shown = merged(finding);
        String because = oneLine(shown.because());
        rows.add(List.of(answer(shown), indent + oneLine(shown.rule()) + (because.isEmpty() ? "" : STEP + because)));
        for (Finding part : shown.parts()) {
            // the whole of a condition is told by the answer
            if (part.answer() != Answer.VALUE || !(shown.because() + ":").startsWith(part.rule() + ":")) {
                rows(part, depth + 1, rows);
            }
        }
    }

    /// `require orders:read`, which consists of `orders:read` alone, is one thing to people.
    private static Finding merged(Finding finding) {
        if (finding.parts().size() != 1 || !finding.because().isEmpty()) {
            return finding;
        }
        Finding part = finding.parts().getFirst();
        String before = "require ";
        if (finding.rule().equals(before + part.rule())) {
            return new Finding(finding.rule(), finding.answer(), part.because(), part.parts());
        }
        return finding.rule().startsWith(before + part.rule() + " ")
                ? new Finding(before + part.rule(), finding.answer(), part.because(), part.parts())
                : finding;
    }

    private static String answer(Finding finding) {
        boolean denial = finding.rule().startsWith("deny[");
        return switch (finding.answer()) {
            case YES -> denial ? "applies" : "yes";
            case NO -> denial ? "does not" : "no";
            case UNKNOWN -> "no answer";
            case UNASKED -> "not asked";
            case VALUE -> "";
        };
    }

    private static String oneLine(String text) {
        return printable(text.strip().replaceAll("\\s+", " "));
    }

    private void policies(Explained explained) {
        List<List<String>> rows = new ArrayList<>();
        explained
                .policies()
                .forEach(one -> rows.add(
                        List.of(one.name(), one.phase().name().toLowerCase(Locale.ROOT), printable(one.said()))));
        section("policies", rows);
    }

    private void target(Explained explained) {
        Explained.Target target = explained.target();
        if (target == null) {
            return;
        }
        section(
                "goes to",
                List.of(
                        target.upstream().isEmpty()
                                ? List.of("answered by " + target.target())
                                : List.of(
                                        target.upstream(),
                                        explained.request().method() + " " + printable(target.target()),
                                        "host " + printable(target.host()))));
    }

    private void notes(List<String> notes) {
        section("notes", notes.stream().map(note -> List.of(printable(note))).toList());
    }

    /// Lines under a label, their cells in columns; nothing for no lines.
    private void section(String label, List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size() - 1; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        String before = label + LABEL.substring(label.length());
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(before);
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                if (i < row.size() - 1) {
                    line.append(" ".repeat(widths[i] - row.get(i).length())).append(STEP);
                }
            }
            out.append(line.toString().stripTrailing()).append('\n');
            before = LABEL;
        }
    }

    /// What a terminal would take for a command is spelled out.
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean command = c < ' '
                    || (c >= 0x7f && c < 0xa0)
                    || (c >= 0x200b && c <= 0x200f)
                    || (c >= 0x2028 && c <= 0x202e)
                    || (c >= 0x2066 && c <= 0x2069);
            clean.append(command ? "\\u" + HexFormat.of().toHexDigits(c) : String.valueOf(c));
        }
        return clean.toString();
    }
}
