package dev.sallyport.controlplane.compile.access;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.http.PublicUrls;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.access.DenyConfig;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.authorize.AccessPolicy;
import dev.sallyport.dataplane.authorize.Denial;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles who may use a route.
public final class AccessCompiler {
    private final Findings findings;
    private final GatewayConfig config;
    private final Map<String, Authenticator> authenticators;
    private final Map<String, Authorizer> authorizers;
    private final ConditionCompiler conditions;
    private final RequirementCompiler requirements;
    private final Roles roles;
    private final @Nullable Authorizer first;

    /// Compiles roles and grants; routes are then compiled one by one.
    ///
    /// @param authenticators those that could be made, by name
    /// @param authorizers    those that could be made, by name
    /// @param first          asked first on every route, which lets nobody in; null for none
    public AccessCompiler(
            Findings findings,
            GatewayConfig config,
            Map<String, Authenticator> authenticators,
            Map<String, Authorizer> authorizers,
            Expressions expressions,
            @Nullable Authorizer first) {
        this.first = first;
        this.findings = findings;
        this.config = config;
        this.authenticators = authenticators;
        this.authorizers = authorizers;
        this.conditions = new ConditionCompiler(findings, expressions);
        RoleCompiler compiler = new RoleCompiler(findings, config, conditions);
        this.roles = compiler.compile(authenticators);
        this.requirements = new RequirementCompiler(findings, roles, compiler);
    }

    public Roles roles() {
        return roles;
    }

    /// The rule of the route at `path`, or null when something is wrong.
    public @Nullable AccessRule compile(String path, RouteConfig.Access access, @Nullable RouteMatch match) {
        return switch (access) {
            case RouteConfig.Open open ->
                switch (open) {
                    case PUBLIC -> new AccessRule.Public();
                };
            case RouteConfig.Guarded guarded -> guarded(path + ".access", guarded, match);
        };
    }

    private @Nullable AccessRule guarded(String path, RouteConfig.Guarded guarded, @Nullable RouteMatch match) {
        boolean optional = !guarded.optional().isEmpty();
        Map<String, Authenticator> tried = tried(path + (optional ? ".optional" : ".authenticate"), guarded, match);
        AccessPolicy policy = policy(path, guarded, match, tried);
        List<Authorizer> asked = asked(path + ".ask", guarded.ask());
        if (tried.isEmpty() || policy == null || asked.size() < guarded.ask().size()) {
            return null;
        }
        asked.addFirst(policy);
        if (first != null) {
            asked.addFirst(first);
        }
        AccessRule.Credentials credentials =
                guarded.passCredential() ? AccessRule.Credentials.PASSED : AccessRule.Credentials.KEPT_BACK;
        return new AccessRule.Guarded(
                List.copyOf(tried.values()), asked, optional, credentials, guarded.mode(), tried.keySet());
    }

    private Map<String, Authenticator> tried(String list, RouteConfig.Guarded guarded, @Nullable RouteMatch match) {
        Map<String, Authenticator> tried = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < guarded.names().size(); i++) {
            String name = guarded.names().get(i);
            String at = list + "[" + i + "]";
            if (!seen.add(name)) {
                findings.error(at, name + " twice", "expected: once");
                continue;
            }
            Authenticator authenticator = find(at, name);
            if (authenticator != null) {
                checkPublicUrl(at, name, authenticator, match);
                checkHttps(at, name, authenticator);
                checkClientCertificate(at, name, authenticator);
                tried.put(name, authenticator);
            }
        }
        return tried;
    }

    private List<Authorizer> asked(String path, List<String> names) {
        List<Authorizer> asked = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String at = path + "[" + i + "]";
            Authorizer found = authorizers.get(name);
            if (!seen.add(name)) {
                findings.error(at, name + " twice", "expected: once");
            } else if (found != null) {
                asked.add(found);
            } else if (!config.authorizers().containsKey(name) && !findings.configured("authorizers." + name)) {
                findings.error(
                        at,
                        "no authorizer is called " + name,
                        config.authorizers().isEmpty()
                                ? "expected: a name under `authorizers`"
                                : Nearest.hint(name, config.authorizers().keySet()));
            }
        }
        return asked;
    }

    /// What is asked of callers once they are known.
    private @Nullable AccessPolicy policy(
            String path, RouteConfig.Guarded guarded, @Nullable RouteMatch match, Map<String, Authenticator> tried) {
        int before = findings.count();
        PathTemplate template = match == null ? null : match.path();
        Requirement require = null;
        if (guarded.require() != null) {
            require = requirements.compile(path + ".require", guarded.require());
            checkRequire(path, guarded, require, tried);
        }
        Condition when = conditions.compile(path + ".when", guarded.when(), template);
        List<Denial> denials = new ArrayList<>();
        for (int i = 0; i < guarded.deny().size(); i++) {
            DenyConfig deny = guarded.deny().get(i);
            String name = "deny[" + i + "]";
            String at = path + "." + name;
            Requirement whom = requirements.compile(at, deny);
            Condition condition = conditions.compile(at + ".when", deny.when(), template);
            if (whom != null || condition != null) {
                denials.add(new Denial(name, whom, condition, deny.mode()));
            }
        }
        // a rule of which a part could not be compiled is none: an error is among the findings
        boolean whole = (guarded.require() == null) == (require == null)
                && (guarded.when() == null) == (when == null)
                && denials.size() == guarded.deny().size();
        if (!whole && findings.count() == before) {
            throw new IllegalStateException(path + ": left out without a reason");
        }
        return whole ? new AccessPolicy(!guarded.optional().isEmpty(), require, when, denials) : null;
    }

    private void checkRequire(
            String path, RouteConfig.Guarded guarded, @Nullable Requirement require, Map<String, Authenticator> tried) {
        if (!guarded.optional().isEmpty()) {
            findings.warning(
                    path + ".optional",
                    "nobody passes without a credential, because of `require`",
                    "expected: `authenticate`, which says so");
        }
        // of one that could not be made it is not known which roles it gives
        if (require != null && tried.size() == guarded.names().size()) {
            Requirement impossible = requirements.impossible(require, tried);
            if (impossible != null) {
                findings.error(
                        path + ".require",
                        "nobody can meet " + impossible.text() + ": " + String.join(", ", tried.keySet())
                                + " finds no role that has it, and no grant gives one",
                        "expected: `principal.roles` at an authenticator, or an entry under `grants`");
            }
        }
    }

    private @Nullable Authenticator find(String path, String name) {
        Authenticator found = authenticators.get(name);
        if (found != null) {
            return found;
        }
        if (!config.authenticators().containsKey(name) && !findings.configured("authenticators." + name)) {
            findings.error(
                    path,
                    "no authenticator is called " + name,
                    config.authenticators().isEmpty()
                            ? "expected: a name under `authenticators`"
                            : Nearest.hint(name, config.authenticators().keySet()));
        }
        return null;
    }

    /// A route for any host would let callers choose the URL that their proof is compared with.
    private void checkPublicUrl(String path, String name, Authenticator authenticator, @Nullable RouteMatch match) {
        if (!authenticator.needsPublicUrl() || match == null || !match.hosts().isEmpty()) {
            return;
        }
        config.listeners().forEach((listener, settings) -> {
            if (settings.publicUrl() == null) {
                findings.error(
                        path,
                        name + " goes by the public URL, but this route takes any host and listener " + listener
                                + " names none",
                        "expected: `hosts` in the route's match, or `public-url` at the listener");
            }
        });
    }

    private void checkClientCertificate(String path, String name, Authenticator authenticator) {
        boolean asked = config.listeners().values().stream()
                .anyMatch(listener -> listener.tls() != null
                        && listener.tls().clientCertificate().mode() != ListenerConfig.Mode.OFF);
        if (authenticator.needsClientCertificate()
                && !asked
                && !config.listeners().isEmpty()) {
            findings.error(
                    path,
                    name + " goes by client certificates, but no listener asks for them",
                    "expected: `tls.client-certificate` with mode optional or required at a listener");
        }
    }

    /// What is kept in a browser must not travel in the clear (threat OA-08).
    private void checkHttps(String path, String name, Authenticator authenticator) {
        if (!authenticator.needsHttps() || config.listeners().isEmpty()) {
            return;
        }
        boolean served = false;
        for (ListenerConfig listener : config.listeners().values()) {
            served |= isPrivate(listener);
        }
        if (!served) {
            findings.error(
                    path,
                    name + " keeps sessions in browsers, but clients reach no listener by https",
                    "expected: `tls` or `public-url: https://…` at a listener; for development on this machine "
                            + "`public-url: http://localhost:PORT`");
            return;
        }
        config.listeners().forEach((listener, settings) -> {
            String url = settings.publicUrl();
            if (!isPrivate(settings)) {
                findings.warning(
                        path,
                        name + " refuses every request to listener " + listener
                                + ", which clients do not reach by https",
                        "");
            } else if (url != null && url.startsWith("http:")) {
                findings.warning(
                        path,
                        name + " sets cookies without `Secure` and `__Host-` for " + url,
                        "for development on this machine only");
            }
        });
    }

    private static boolean isPrivate(ListenerConfig listener) {
        String url = listener.publicUrl();
        return url == null ? listener.tls() != null : url.startsWith("https:") || PublicUrls.isLoopback(url);
    }
}
