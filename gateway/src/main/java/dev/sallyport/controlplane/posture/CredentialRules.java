package dev.sallyport.controlplane.posture;

import dev.sallyport.api.plugin.Secret;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.Places;
import dev.sallyport.controlplane.config.read.RecordValues;
import dev.sallyport.controlplane.posture.Rule.Report;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What is looked for in authenticators, and in what makes tokens.
final class CredentialRules {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofHours(24);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Set<String> JWT = Set.of("jwt");
    private static final Set<String> INTROSPECTION = Set.of("introspection");
    private static final Set<String> BINDING = Set.of("jwt", "introspection");
    private static final Set<String> OIDC = Set.of("oidc");
    private static final Set<String> API_KEY = Set.of("api-key");
    private static final Set<String> BASIC = Set.of("basic");
    private static final String TOKEN_SERVICE = "token-service";

    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A030",
                    "LongTokenLifetime",
                    Severity.MEDIUM,
                    "Tokens that may be valid for long.",
                    "A stolen token counts until it expires or somebody revokes it.",
                    "`max-lifetime` of at most 1h.",
                    CredentialRules::lifetimes),
            new Rule(
                    "SP-A031",
                    "LongSession",
                    Severity.LOW,
                    "Sessions that may last longer than a day.",
                    "A stolen browser or cookie counts until the session ends.",
                    "`session.absolute` of at most 24h.",
                    (subject, report) -> subject.authenticators(
                            OIDC, (path, use) -> longer(report, path, use, DAY, "session", "absolute"))),
            new Rule(
                    "SP-A032",
                    "LongIssuedToken",
                    Severity.MEDIUM,
                    "The token service issues tokens that are valid for more than an hour.",
                    "A stolen token counts until it expires or somebody revokes it.",
                    "`lifetime` of a few minutes, and `refresh` where clients need more.",
                    CredentialRules::issued),
            new Rule(
                    "SP-A033",
                    "BearerToken",
                    Severity.LOW,
                    "Tokens that count for whoever shows them.",
                    "One that leaks from a log or a client is as good as the caller.",
                    "`bound-to: [dpop]` or `[mtls]`, where the issuer can bind tokens to their sender.",
                    CredentialRules::bearer),
            new Rule(
                    "SP-A034",
                    "SharedTokenSecret",
                    Severity.MEDIUM,
                    "Tokens that are signed with a shared secret.",
                    "Whoever can check such a token can also make one.",
                    "An issuer that signs with a key pair: `issuer` or `jwks` in the place of `secret`.",
                    (subject, report) -> subject.authenticators(JWT, (path, use) -> {
                        if (Subject.setting(use, "secret") != null) {
                            report.found(path + ".secret", "tokens by HMAC are taken");
                        }
                    })),
            new Rule(
                    "SP-A035",
                    "KeyInQuery",
                    Severity.MEDIUM,
                    "API keys in the query of a URL.",
                    "URLs end up in histories, in the logs of proxies and in `Referer`.",
                    "Keys in a header field only: no `from.query`.",
                    (subject, report) -> subject.authenticators(API_KEY, (path, use) -> {
                        if (Subject.setting(use, "from", "query") != null) {
                            report.found(path + ".from.query", String.valueOf(Subject.setting(use, "from", "query")));
                        }
                    })),
            new Rule(
                    "SP-A036",
                    "Passwords",
                    Severity.LOW,
                    "Callers that prove themselves by a password in each request.",
                    "Passwords are guessed, shared and used again elsewhere, and do not expire.",
                    "`oidc` for people, `api-key` or `client-certificate` for programs.",
                    (subject, report) ->
                            subject.authenticators(BASIC, (path, use) -> report.found(path, "kind: " + use.kind()))),
            new Rule(
                    "SP-A037",
                    "LongRememberedAnswer",
                    Severity.LOW,
                    "Answers about tokens that are remembered for more than a minute.",
                    "A token that its server revoked is taken until then.",
                    "`cache.positive` of at most 60s.",
                    (subject, report) -> subject.authenticators(
                            INTROSPECTION, (path, use) -> longer(report, path, use, MINUTE, "cache", "positive"))),
            new Rule(
                    "SP-A038",
                    "SecretWithDefault",
                    Severity.HIGH,
                    "A secret that stands in the configuration, as the default of a reference.",
                    "Where the variable is not set, everybody who can read the file knows the secret.",
                    "`${env:NAME}` without a default, or `${file:path}`.",
                    CredentialRules::defaults),
            new Rule(
                    "SP-A039",
                    "NoRevocationList",
                    Severity.LOW,
                    "Tokens are taken, and no revocation list is configured.",
                    "What `sallyport revoke` says reaches the gateways that share its state, and no others.",
                    "`revocation: { list: … }`, a file that is brought to every gateway.",
                    (subject, report) -> {
                        if (subject.config().revocation().list() == null
                                && subject.config().authenticators().values().stream()
                                        .anyMatch(use -> use.kind().equals("jwt"))) {
                            report.found("revocation", "no `list`");
                        }
                    }));

    private CredentialRules() {}

    private static void lifetimes(Subject subject, Report report) {
        subject.authenticators(JWT, (path, use) -> {
            if (Subject.setting(use, "max-lifetime") == null) {
                report.found(path, "no `max-lifetime`: as long as the issuer says");
            } else {
                longer(report, path, use, HOUR, "max-lifetime");
            }
        });
    }

    private static void longer(Report report, String path, PluginUse use, Duration most, String... keys) {
        if (Subject.setting(use, keys) instanceof Duration set && set.compareTo(most) > 0) {
            report.found(path + "." + String.join(".", keys), text(set));
        }
    }

    private static String text(Duration time) {
        return time.toSeconds() % 3600 == 0 ? time.toHours() + "h" : time.toSeconds() + "s";
    }

    private static void issued(Subject subject, Report report) {
        subject.routes((path, route) -> {
            PluginUse use = route.policies().get(TOKEN_SERVICE);
            if (use != null) {
                String at = path + "." + TOKEN_SERVICE;
                RecordValues.each(use.config(), at, (key, value) -> {
                    if (key.endsWith(".lifetime") && value instanceof Duration set && set.compareTo(HOUR) > 0) {
                        report.found(key, text(set));
                    }
                });
            }
        });
    }

    private static void bearer(Subject subject, Report report) {
        subject.authenticators(BINDING, (path, use) -> {
            if (Subject.setting(use, "bound-to") instanceof List<?> kinds && kinds.isEmpty()) {
                report.found(path, "no `bound-to`: bearer tokens");
            }
        });
    }

    private static void defaults(Subject subject, Report report) {
        Places places = subject.compiled().document().places();
        RecordValues.each(subject.config(), "", (path, value) -> {
            String written = places.written(path);
            if (value instanceof Secret && written != null && written.matches("(?s).*\\$\\{env:[^}]*:-[^}]+}.*")) {
                report.found(path, "the reference has a default");
            }
        });
    }
}
