package dev.sallyport.controlplane.posture;

import java.util.List;
import java.util.stream.Stream;

/// Everything that is looked for. A rule is added by one entry in the list of what it is about.
public final class Rules {
    static final Rule UNUSED_IGNORE = new Rule(
            "SP-A090",
            "UnusedIgnore",
            Severity.LOW,
            "An entry of the ignore file that nothing is found for.",
            "An exception that outlives its reason hides the next finding of its kind.",
            "Remove the entry.",
            (_, _) -> {});

    static final Rule EXPIRED_IGNORE = new Rule(
            "SP-A091",
            "ExpiredIgnore",
            Severity.MEDIUM,
            "An entry of the ignore file whose date has passed.",
            "Somebody decided to live with the finding until then, and not longer.",
            "Mend what was ignored, or decide anew with a later `until`.",
            (_, _) -> {});

    private Rules() {}

    /// Every rule, by its number.
    public static List<Rule> all() {
        return Stream.of(
                        AccessRules.ALL,
                        RoleRules.ALL,
                        CredentialRules.ALL,
                        ListenerRules.ALL,
                        UpstreamRules.ALL,
                        OperationRules.ALL,
                        List.of(UNUSED_IGNORE, EXPIRED_IGNORE))
                .flatMap(List::stream)
                .toList();
    }
}
