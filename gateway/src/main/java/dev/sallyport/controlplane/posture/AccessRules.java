package dev.sallyport.controlplane.posture;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.UpstreamConfig;
import dev.sallyport.controlplane.config.access.DenyConfig;
import dev.sallyport.controlplane.posture.Rule.Report;
import java.util.List;
import java.util.Set;

/// What is looked for in routes and who may use them.
final class AccessRules {
    /// Credentials that browsers add to requests by themselves, whatever page causes them; sessions of `oidc` are
    /// not among these, as it refuses requests of other sites itself.
    private static final Set<String> AMBIENT = Set.of("basic", "client-certificate");

    private static final String CSRF = "csrf";

    static final List<Rule> ALL = List.of(
            new Rule(
                    "SP-A001",
                    "PublicRoute",
                    Severity.INFO,
                    "A route that is open to everybody.",
                    "Whoever reaches the gateway may use it; what is public should be meant to be.",
                    "`access: { authenticate: […] }` where callers have to be known.",
                    (subject, report) -> publicRoutes(subject, report, false)),
            new Rule(
                    "SP-A002",
                    "PublicRouteThatModifies",
                    Severity.MEDIUM,
                    "A route that is open to everybody and forwards methods that change something.",
                    "Nobody can be held to account for what was changed, and nothing limits who changes it.",
                    "`match.methods: [GET]`, or `access: { authenticate: […], require: … }`.",
                    (subject, report) -> publicRoutes(subject, report, true)),
            new Rule(
                    "SP-A003",
                    "AnyProvenCaller",
                    Severity.LOW,
                    "A route for everybody who can prove who they are.",
                    "Every credential that is ever issued opens it, also one made for something else.",
                    "`require` with a permission, role or scope, or a condition in `when`.",
                    AccessRules::anyProven),
            new Rule(
                    "SP-A004",
                    "OptionalAuthenticationThatModifies",
                    Severity.MEDIUM,
                    "Anonymous callers may use methods that change something.",
                    "With `optional`, leaving the credential out is enough.",
                    "`authenticate` in the place of `optional`, or `match.methods: [GET]`.",
                    AccessRules::optionalModifying),
            new Rule(
                    "SP-A005",
                    "ShadowAccess",
                    Severity.HIGH,
                    "An access rule that is not enforced.",
                    "In shadow mode denials are logged only: every proven caller passes.",
                    "`mode: enforce` as soon as the log shows no denial that is wrong.",
                    (subject, report) -> subject.guarded((path, guarded) -> {
                        if (guarded.mode() == Enforcement.SHADOW) {
                            report.found(path + ".mode", "shadow: `require`, `when` and `deny` keep nobody out");
                        }
                    })),
            new Rule(
                    "SP-A006",
                    "ShadowDenial",
                    Severity.MEDIUM,
                    "A deny rule that is not enforced.",
                    "In shadow mode it is logged only.",
                    "`mode: enforce` as soon as the log shows no denial that is wrong.",
                    AccessRules::shadowDenials),
            new Rule(
                    "SP-A007",
                    "PassCredential",
                    Severity.LOW,
                    "A route that hands the caller's own credential on.",
                    "Whoever reads what the upstream receives can act as the caller everywhere.",
                    "`assert-identity` or `token-exchange` at the upstream, which make tokens for it alone.",
                    (subject, report) -> subject.guarded((path, guarded) -> {
                        if (guarded.passCredential()) {
                            report.found(path + ".pass-credential", "true");
                        }
                    })),
            new Rule(
                    "SP-A008",
                    "PassCredentialInTheClear",
                    Severity.HIGH,
                    "Credentials that travel without TLS beyond this machine.",
                    "Everybody on the way can read and use them.",
                    "`https` endpoints, or no `pass-credential`.",
                    AccessRules::passedInTheClear),
            new Rule(
                    "SP-A009",
                    "AmbiguousPaths",
                    Severity.MEDIUM,
                    "A route that takes paths which programs read differently.",
                    "What the access rule was applied to may not be what the upstream serves.",
                    "No `allow-ambiguous`, or none of it where `require` protects part of the upstream only.",
                    (subject, report) -> subject.routes((path, route) -> {
                        if (!route.allowAmbiguous().isEmpty()) {
                            report.found(
                                    path + ".allow-ambiguous",
                                    route.allowAmbiguous().size() + " kinds of spelling are let through");
                        }
                    })),
            new Rule(
                    "SP-A010",
                    "CatchAll",
                    Severity.LOW,
                    "A route that forwards everything to an upstream.",
                    "What is added to the upstream later, such as an operator's page, is served from the first day.",
                    "Routes with the paths and methods that are meant.",
                    AccessRules::catchAll),
            new Rule(
                    "SP-A011",
                    "CrossSiteRequests",
                    Severity.MEDIUM,
                    "Requests that other sites can cause in a caller's browser.",
                    "Browsers add passwords and client certificates by themselves, also to a form on a foreign page.",
                    "The policy `csrf` on the route, where browsers use it; tokens in `Authorization` otherwise.",
                    AccessRules::crossSite),
            new Rule(
                    "SP-A012",
                    "RouteWithoutLimits",
                    Severity.LOW,
                    "A route that forwards as many requests as anybody sends.",
                    "One caller can take what all others need, and try credentials as fast as the network allows.",
                    "`limits` with at least one by `client.address`, and one by `principal.id` where callers are known.",
                    (subject, report) -> subject.routes((path, route) -> {
                        if (route.upstream() != null && route.limits().isEmpty()) {
                            report.found(path, "no `limits`");
                        }
                    })));

    private AccessRules() {}

    private static void publicRoutes(Subject subject, Report report, boolean modifying) {
        subject.routes((path, route) -> {
            boolean changes = route.upstream() != null && Subject.modifying(route);
            if (route.access() == RouteConfig.Open.PUBLIC && changes == modifying) {
                report.found(
                        path + ".access",
                        "public, for "
                                + (route.match().methods().isEmpty()
                                        ? "every method"
                                        : route.match().methods()));
            }
        });
    }

    private static void anyProven(Subject subject, Report report) {
        subject.guarded((path, guarded) -> {
            if (guarded.require() == null
                    && guarded.when() == null
                    && guarded.optional().isEmpty()) {
                report.found(
                        path,
                        "for every caller that " + String.join(" or ", guarded.names()) + " proves"
                                + (guarded.deny().isEmpty() ? "" : ", but for `deny`"));
            }
        });
    }

    private static void optionalModifying(Subject subject, Report report) {
        subject.routes((path, route) -> {
            if (route.access() instanceof RouteConfig.Guarded guarded
                    && !guarded.optional().isEmpty()
                    && guarded.require() == null
                    && Subject.modifying(route)) {
                report.found(
                        path + ".access.optional",
                        "anonymous callers too" + (guarded.when() == null ? "" : ", where `when` holds"));
            }
        });
    }

    private static void shadowDenials(Subject subject, Report report) {
        subject.guarded((path, guarded) -> {
            for (int i = 0; i < guarded.deny().size(); i++) {
                DenyConfig deny = guarded.deny().get(i);
                if (deny.mode() == Enforcement.SHADOW) {
                    report.found(path + ".deny[" + i + "].mode", "shadow: it keeps nobody out");
                }
            }
        });
    }

    private static void passedInTheClear(Subject subject, Report report) {
        subject.routes((path, route) -> {
            UpstreamConfig upstream = subject.config().upstreams().get(String.valueOf(route.upstream()));
            if (route.access() instanceof RouteConfig.Guarded guarded
                    && guarded.passCredential()
                    && upstream != null
                    && UpstreamRules.isExposed(upstream)) {
                report.found(path + ".access.pass-credential", "true, to " + route.upstream() + " by plain http");
            }
        });
    }

    private static void catchAll(Subject subject, Report report) {
        subject.routes((path, route) -> {
            RouteConfig.Match match = route.match();
            if (route.upstream() != null
                    && match.path().equals("/**")
                    && match.methods().isEmpty()
                    && match.headers().isEmpty()
                    && match.query().isEmpty()
                    && deniesNothing(route.access())) {
                report.found(path + ".match", "every path and every method, nothing denied");
            }
        });
    }

    private static boolean deniesNothing(RouteConfig.Access access) {
        return !(access instanceof RouteConfig.Guarded guarded)
                || guarded.deny().isEmpty();
    }

    private static void crossSite(Subject subject, Report report) {
        subject.routes((path, route) -> {
            if (route.access() instanceof RouteConfig.Guarded guarded
                    && Subject.modifying(route)
                    && !route.policies().containsKey(CSRF)) {
                for (String name : guarded.names()) {
                    PluginUse use = subject.config().authenticators().get(name);
                    if (use != null && AMBIENT.contains(use.kind())) {
                        report.found(
                                path + ".access",
                                name + " is of kind " + use.kind() + ", which browsers send by themselves");
                    }
                }
            }
        });
    }
}
