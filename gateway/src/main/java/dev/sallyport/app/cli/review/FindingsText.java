package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.admin.Json;
import dev.sallyport.controlplane.posture.Finding;
import dev.sallyport.controlplane.posture.Posture;
import dev.sallyport.controlplane.posture.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Findings as text for people and as JSON.
final class FindingsText {
    private FindingsText() {}

    static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }

    static String text(Posture posture) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : posture.findings()) {
            text.append(finding.rule().id())
                    .append(' ')
                    .append(word(finding.severity()))
                    .append(' ')
                    .append(finding.at())
                    .append(' ')
                    .append(finding.path())
                    .append(": ")
                    .append(finding.what())
                    .append("\n  ")
                    .append(finding.rule().title())
                    .append(' ')
                    .append(finding.rule().why())
                    .append("\n  Right: ")
                    .append(finding.rule().right())
                    .append("\n\n");
        }
        return text.append(summary(posture)).append('\n').toString();
    }

    private static String summary(Posture posture) {
        List<String> counts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = posture.findings().stream()
                    .filter(finding -> finding.severity() == severity)
                    .count();
            if (count > 0) {
                counts.addFirst(count + " " + word(severity));
            }
        }
        int ignored = posture.ignored().size();
        int found = posture.findings().size();
        return found
                + (found == 1 ? " finding" : " findings")
                + (counts.isEmpty() ? "" : ": " + String.join(", ", counts))
                + (ignored == 0 ? "." : "; " + ignored + " ignored.");
    }

    static Json json(Posture posture) {
        return new Json()
                .put(
                        "findings",
                        posture.findings().stream().map(FindingsText::finding).toList())
                .put(
                        "ignored",
                        posture.ignored().stream()
                                .map(one -> finding(one.finding()).put("reason", one.reason()))
                                .toList());
    }

    private static Json finding(Finding finding) {
        return new Json()
                .put("id", finding.rule().id())
                .put("name", finding.rule().name())
                .put("severity", word(finding.severity()))
                .put("file", finding.at().file())
                .put("line", finding.at().line())
                .put("column", finding.at().column())
                .put("path", finding.path())
                .put("what", finding.what())
                .put("title", finding.rule().title())
                .put("why", finding.rule().why())
                .put("right", finding.rule().right());
    }
}
