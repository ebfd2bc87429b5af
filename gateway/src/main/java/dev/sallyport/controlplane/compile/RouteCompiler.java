package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.http.PathAmbiguity;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.access.AccessCompiler;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.compile.limit.LimitCompiler;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.observe.PayloadConfig;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compiles routes one by one.
final class RouteCompiler {
    private final Findings findings;
    private final PluginMaker plugins;
    private final MatchCompiler matches;
    private final String serverName;
    private final Policy recorded;
    private final Policy captured;
    private final List<Policy> first;

    /// @param recorded asked first on routes that must not be used unrecorded
    /// @param captured asked on routes whose bodies are logged
    /// @param first    asked on every route before others of the same phase
    RouteCompiler(
            Findings findings,
            PluginMaker plugins,
            String serverName,
            Policy recorded,
            Policy captured,
            List<Policy> first) {
        this.captured = captured;
        this.first = List.copyOf(first);
        this.recorded = recorded;
        this.serverName = serverName;
        this.findings = findings;
        this.plugins = plugins;
        this.matches = new MatchCompiler(findings);
    }

    List<Route> compile(
            GatewayConfig config, List<BuiltUpstream> upstreams, AccessCompiler access, LimitCompiler limits) {
        if (findings.configuredEmpty("routes")) {
            findings.error("routes", "none", "expected: at least one");
        }
        Map<String, Target> targets = new HashMap<>();
        for (BuiltUpstream built : upstreams) {
            Upstream upstream = built.upstream();
            targets.put(upstream.name(), new Target(new Forwarder(upstream, serverName), built.policies()));
        }
        checkAllows(config);
        List<Route> routes = new ArrayList<>();
        config.routes().forEach((name, route) -> {
            List<RoutePolicies> made = new ArrayList<>();
            Route compiled = route(name, route, config, targets, access, limits, made);
            if (compiled != null) {
                routes.add(compiled);
                made.forEach(
                        one -> one.furtherPaths().stream().sorted().forEach(path -> routes.add(at(path, compiled))));
            }
        });
        return routes;
    }

    private void checkAllows(GatewayConfig config) {
        ObserveConfig.AuditLog log = config.observe().auditLog();
        if (log == null || !(log.allows() instanceof ObserveConfig.Chosen chosen)) {
            return;
        }
        for (int i = 0; i < chosen.routes().size(); i++) {
            String name = chosen.routes().get(i);
            if (!config.routes().containsKey(name) && !findings.configured("routes." + name)) {
                findings.error(
                        "observe.audit-log.allows.routes[" + i + "]",
                        "no route is called " + name,
                        Nearest.hint(name, config.routes().keySet()));
            }
        }
    }

    private static Route at(String path, Route route) {
        RouteMatch match = route.match();
        return new Route(
                route.name(),
                new RouteMatch(
                        match.hosts(), match.methods(), PathTemplate.parse(path), match.headers(), match.query()),
                route.allowedAmbiguity(),
                route.access(),
                route.policies(),
                route.responsePolicies(),
                route.forwarder(),
                route.preflights(),
                route.priority());
    }

    /// Where a route goes to, and what that adds to it.
    private record Target(Forwarder forwarder, List<UpstreamPolicies> policies) {}

    private @Nullable Route route(
            String name,
            RouteConfig config,
            GatewayConfig whole,
            Map<String, Target> targets,
            AccessCompiler access,
            LimitCompiler limits,
            List<RoutePolicies> made) {
        String path = "routes." + name;
        RouteMatch match = matches.compile(path + ".match", config);
        made.addAll(policies(name, path, config, match));
        checkUpstream(path, config, whole);
        checkServed(path, config, made);
        RoutePolicies limited = limits.route(path, config, match);
        AccessRule rule = access.compile(path, config.access(), match);
        if (match == null || rule == null) {
            return null;
        }
        Target target = config.upstream() == null ? null : targets.get(config.upstream());
        List<Policy> policies = new ArrayList<>();
        if (config.audit() != null) {
            policies.add(recorded);
            if (whole.observe().auditLog() == null) {
                findings.error(path + ".audit", "required, but there is no audit log", "expected: observe.audit-log");
            }
        }
        PayloadConfig payload = whole.observe().payload();
        if (payload != null && payload.routes().contains(name)) {
            policies.add(captured);
        }
        policies.addAll(first);
        policies.addAll(limited.policies());
        List<ResponsePolicy> responsePolicies = new ArrayList<>(limited.responsePolicies());
        for (RoutePolicies one : made) {
            policies.addAll(one.policies());
            responsePolicies.addAll(one.responsePolicies());
        }
        if (target != null) {
            target.policies.forEach(one -> policies.addAll(one.policies()));
        }
        policies.sort(Comparator.comparing(Policy::phase));
        int ambiguity = 0;
        for (PathAmbiguity allowed : config.allowAmbiguous()) {
            ambiguity |= allowed.bit();
        }
        return new Route(
                name,
                match,
                ambiguity,
                rule,
                List.copyOf(policies),
                List.copyOf(responsePolicies),
                target == null ? null : target.forwarder,
                preflights(path, made, match),
                config.priority());
    }

    private boolean preflights(String path, List<RoutePolicies> made, RouteMatch match) {
        boolean answered = made.stream().anyMatch(RoutePolicies::preflights);
        if (answered && !match.headers().isEmpty()) {
            findings.warning(
                    path + ".match.headers",
                    "preflights have no such fields, so that none is for this route",
                    "pages of other origins can send requests here that need no preflight only");
        }
        return answered;
    }

    private List<RoutePolicies> policies(String name, String path, RouteConfig config, @Nullable RouteMatch match) {
        List<RoutePolicies> made = new ArrayList<>();
        for (PluginUse use : config.policies().values()) {
            String at = path + "." + use.kind();
            RoutePolicies policies = plugins.make(RoutePolicies.class, use, name, at);
            if (policies == null) {
                continue;
            }
            made.add(policies);
            if (match != null) {
                checkParameters(at, policies, match);
            }
        }
        return made;
    }

    private void checkParameters(String path, RoutePolicies policies, RouteMatch match) {
        List<String> known = MatchCompiler.parameters(match.path());
        for (String parameter : policies.pathParameters()) {
            if (known.contains(parameter)) {
                continue;
            }
            if (parameter.equals(Exchange.REST)) {
                findings.error(
                        path + ".path",
                        "uses the rest of the path, but " + match.path().text() + " does not end in /**",
                        "expected: a match.path that ends in /**");
            } else {
                findings.error(
                        path + ".path",
                        "{" + parameter + "} is not in " + match.path().text(),
                        known.isEmpty() ? "expected: no parameters" : Nearest.hint(parameter, known));
            }
        }
    }

    private void checkUpstream(String path, RouteConfig config, GatewayConfig whole) {
        String upstream = config.upstream();
        if (upstream != null
                && !whole.upstreams().containsKey(upstream)
                && !findings.configured("upstreams." + upstream)) {
            findings.error(
                    path + ".upstream",
                    "no upstream is called " + upstream,
                    whole.upstreams().isEmpty()
                            ? "expected: a name under `upstreams`"
                            : Nearest.hint(upstream, whole.upstreams().keySet()));
        }
    }

    private void checkServed(String path, RouteConfig config, List<RoutePolicies> made) {
        long answering = made.stream().filter(RoutePolicies::answers).count();
        if (made.size() < config.policies().size()) {
            return;
        }
        if (answering == 0 && config.upstream() == null) {
            findings.error(path, "neither forwarded nor answered", "expected: `upstream`, `redirect` or `respond`");
        } else if (answering > 1 || (answering == 1 && config.upstream() != null)) {
            findings.error(
                    path, "served in more than one way", "expected: one of `upstream`, `redirect` and `respond`");
        }
    }
}
