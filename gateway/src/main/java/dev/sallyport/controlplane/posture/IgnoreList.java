package dev.sallyport.controlplane.posture;

import dev.sallyport.api.plugin.Doc;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Findings that somebody has decided to live with, as a file of their own.
public record IgnoreList(@Doc("What is ignored.") List<Entry> ignore) {
    /// What is ignored.
    public record Entry(
            @Doc("The rule, such as `SP-A001`.") String id,

            @Doc("The key, or one that it stands below.") String path,

            @Doc("Why it is well as it is; for whoever reads the file later.")
            String reason,

            @Doc("The last day on which it is ignored, such as `2027-01-31`. Left out: for ever.") @Nullable
            String until) {
        public Entry {
            if (Rules.all().stream().noneMatch(rule -> rule.id().equals(id))) {
                throw new IllegalArgumentException("id: " + id + " (expected: the id of a rule, such as SP-A001)");
            }
            if (path.isBlank()) {
                throw new IllegalArgumentException("path: empty (expected: a key such as routes.status)");
            }
            if (reason.isBlank()) {
                throw new IllegalArgumentException("reason: empty (expected: why it is well as it is)");
            }
            if (until != null) {
                parse(until);
            }
        }

        private static LocalDate parse(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException("until: " + text + " (expected: a date such as 2027-01-31)", e);
            }
        }

        boolean expired(LocalDate today) {
            return until != null && parse(until).isBefore(today);
        }

        boolean isFor(Finding finding) {
            String at = finding.path();
            return finding.rule().id().equals(id)
                    && at.startsWith(path)
                    && (at.length() == path.length()
                            || at.charAt(path.length()) == '.'
                            || at.charAt(path.length()) == '[');
        }
    }
}
