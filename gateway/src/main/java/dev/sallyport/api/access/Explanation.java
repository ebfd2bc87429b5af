package dev.sallyport.api.access;

import java.util.List;

/// Why an [Authorizer] says what it says: everything it looked at, in its order. For people: it may hold what the
/// caller's credential says.
///
/// @param verdict  the very one that [Authorizer#judge] gives for the same exchange
/// @param findings what was looked at, and what was left alone because the matter was decided before
public record Explanation(Verdict verdict, List<Finding> findings) {
    public Explanation {
        findings = List.copyOf(findings);
    }

    /// One thing looked at.
    ///
    /// @param rule    as the configuration has it: the name of a rule, a requirement, a part of a condition
    /// @param because in a few words, such as `role clerk`; may be empty
    /// @param parts   what it consists of
    public record Finding(String rule, Answer answer, String because, List<Finding> parts) {
        public Finding {
            parts = List.copyOf(parts);
        }
    }

    /// What became of it.
    public enum Answer {
        /// It holds: a requirement is met, a condition is true, a deny rule applies.
        YES,
        /// It does not hold.
        NO,
        /// It could not be evaluated.
        UNKNOWN,
        /// It was not looked at.
        UNASKED,
        /// It is a value, given as the reason.
        VALUE
    }
}
