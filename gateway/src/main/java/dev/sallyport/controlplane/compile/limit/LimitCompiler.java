package dev.sallyport.controlplane.compile.limit;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.limit.Layer;
import dev.sallyport.api.limit.Measure;
import dev.sallyport.api.limit.Share;
import dev.sallyport.api.limit.Sharing;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.controlplane.config.limit.LimitConfig;
import dev.sallyport.controlplane.config.limit.LimitHeaders;
import dev.sallyport.dataplane.limit.KeyPart;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.dataplane.limit.LimitFields;
import dev.sallyport.dataplane.limit.Limits;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles limits, then the lists of routes one by one.
public final class LimitCompiler {
    private final Findings findings;
    private final KeyCompiler keys;
    private final Counters counters;
    private final int loops;
    private final boolean shared;
    private final Map<String, BuiltLimit> built = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private LimitHeaders headers = LimitHeaders.DRAFT;

    /// @param counters what limits count with
    /// @param loops    how many event loops there are
    /// @param shared   whether there is a store that gateways share
    public LimitCompiler(Findings findings, KeyCompiler keys, Counters counters, int loops, boolean shared) {
        this.findings = findings;
        this.keys = keys;
        this.counters = counters;
        this.loops = loops;
        this.shared = shared;
    }

    /// Compiles what is configured; routes are then compiled one by one.
    ///
    /// @param before what runs now, whose counters go on where the key is the same
    public void compile(Map<String, LimitConfig> configured, LimitHeaders told, List<BuiltLimit> before) {
        headers = told;
        configured.forEach((name, config) -> {
            checkShared(name, config);
            BuiltLimit known = BuiltLimit.find(before, name);
            if (known != null && known.config().equals(config)) {
                // secrets and expressions are looked at anew, so that what is wrong now is found
                if (parts(name, config) != null) {
                    built.put(name, known);
                }
                return;
            }
            Limit limit = limit(name, config, known);
            if (limit != null) {
                built.put(name, new BuiltLimit(config, limit));
            }
        });
    }

    /// Every limit, with what it was made of.
    public List<BuiltLimit> limits() {
        return List.copyOf(built.values());
    }

    /// What a limit is made of, besides what it counts.
    private record Parts(List<KeyPart> key, Limit.Terms terms) {}

    private @Nullable Parts parts(String name, LimitConfig config) {
        String path = "limits." + name;
        List<KeyPart> key = new ArrayList<>();
        for (int i = 0; i < config.key().size(); i++) {
            KeyPart part = keys.compile(path + ".key[" + i + "]", config.key().get(i), config.prefix());
            if (part != null) {
                key.add(part);
            }
        }
        Value cost = null;
        String written = config.cost().expression();
        if (written != null) {
            cost = keys.number(path + ".cost", written);
        }
        if (key.size() < config.key().size() || (written != null && cost == null)) {
            return null;
        }
        return new Parts(
                key,
                new Limit.Terms(
                        methods(config.methods()),
                        config.cost().fixed(),
                        cost,
                        config.mode() == Enforcement.SHADOW,
                        config.show()));
    }

    private @Nullable Limit limit(String name, LimitConfig config, @Nullable BuiltLimit known) {
        Parts parts = parts(name, config);
        if (parts == null) {
            return null;
        }
        boolean goesOn = known != null && known.countsBy(config);
        List<Layer> layers = new ArrayList<>();
        for (Measure measure : measures(config)) {
            Layer before = goesOn && known != null ? known.layer(measure) : null;
            layers.add(
                    shared && config.sharing() != Sharing.NONE
                            ? counters.layer(measure, share(name, config, measure), before)
                            : counters.layer(measure, before));
        }
        return new Limit(name, parts.key, layers, parts.terms, goesOn && known != null ? known.limit() : null);
    }

    /// What gateways have to agree on: those with another key or another period do not count together.
    private static Share share(String name, LimitConfig config, Measure measure) {
        StringBuilder text = new StringBuilder(name);
        for (LimitConfig.Key key : config.key()) {
            text.append('\n').append(key.header() == null ? key.of() : "header " + key.header());
        }
        if (config.prefix() != null) {
            text.append("\nprefix ")
                    .append(config.prefix().ipv4())
                    .append(' ')
                    .append(config.prefix().ipv6());
        }
        switch (measure) {
            case Measure.Rate _ -> text.append("\nrate");
            case Measure.Quota quota ->
                text.append("\nquota ").append(quota.per()).append(' ').append(quota.zone());
            case Measure.Concurrent _ -> text.append("\nconcurrent");
        }
        return new Share(text.toString(), config.sharing(), config.whenDown());
    }

    private void checkShared(String name, LimitConfig config) {
        Sharing share = config.share();
        if (!shared && share != null && share != Sharing.NONE) {
            findings.warning(
                    "limits." + name + ".share",
                    share.name().toLowerCase(Locale.ROOT) + ": there is no store that gateways share",
                    "expected: `state: { redis: … }`; each gateway counts alone without it");
        }
        if ((!shared || share == Sharing.NONE) && config.whenDown() != null) {
            findings.warning(
                    "limits." + name + ".when-down",
                    "nothing is shared that could be down",
                    "expected: with `state: { redis: … }`, and not `share: none`");
        }
    }

    private static List<Measure> measures(LimitConfig config) {
        List<Measure> measures = new ArrayList<>();
        if (config.rate() != null) {
            measures.add(LimitConfig.measure(config.rate(), config.burst()));
        }
        if (config.quota() != null) {
            measures.add(config.quota().measure());
        }
        if (config.concurrent() != null) {
            measures.add(new Measure.Concurrent(config.concurrent()));
        }
        return measures;
    }

    private static Set<Method> methods(LimitConfig.@Nullable Methods methods) {
        return switch (methods) {
            case null -> Set.of();
            case LimitConfig.Listed listed -> Set.copyOf(listed.methods());
            case LimitConfig.Kind kind -> {
                Set<Method> chosen = EnumSet.noneOf(Method.class);
                for (Method method : Method.values()) {
                    if (method.safe() == (kind == LimitConfig.Kind.READING)) {
                        chosen.add(method);
                    }
                }
                yield chosen;
            }
        };
    }

    /// What the limits of the route at `path` add to it.
    public RoutePolicies route(String path, RouteConfig route, @Nullable RouteMatch match) {
        List<Limit> source = new ArrayList<>();
        List<Limit> identity = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < route.limits().size(); i++) {
            String name = route.limits().get(i);
            String at = path + ".limits[" + i + "]";
            used.add(name);
            BuiltLimit found = built.get(name);
            if (!seen.add(name)) {
                findings.error(at, name + " twice", "expected: once");
            } else if (found != null) {
                Limit limit = found.limit();
                (limit.ofSource() ? source : identity).add(limit);
                check(at, limit, route, match);
            } else if (!findings.configured("limits." + name)) {
                findings.error(
                        at,
                        "no limit is called " + name,
                        built.isEmpty() ? "expected: a name under `limits`" : Nearest.hint(name, built.keySet()));
            }
        }
        List<Policy> policies = new ArrayList<>();
        if (!source.isEmpty()) {
            policies.add(new Limits(Phase.SCREEN, source, counters, loops));
        }
        if (!identity.isEmpty()) {
            policies.add(new Limits(Phase.METER, identity, counters, loops));
        }
        List<ResponsePolicy> fields = new ArrayList<>();
        boolean told =
                source.stream().anyMatch(Limit::shown) || identity.stream().anyMatch(Limit::shown);
        if (told && headers != LimitHeaders.NONE) {
            fields.add(new LimitFields(headers != LimitHeaders.X, headers != LimitHeaders.DRAFT));
        }
        return RoutePolicies.looking(policies, fields);
    }

    private void check(String path, Limit limit, RouteConfig route, @Nullable RouteMatch match) {
        boolean known = route.access() instanceof RouteConfig.Guarded;
        if (!known && limit.key().stream().anyMatch(part -> part instanceof KeyPart.Caller)) {
            findings.warning(
                    path,
                    limit.name() + " goes by the caller, but on this route nobody is known",
                    "every request is counted by its address there");
        }
        if (match == null) {
            return;
        }
        PathTemplate template = match.path();
        List<String> names = new ArrayList<>(template.names());
        if (template.open()) {
            names.add(Exchange.REST);
        }
        Set<String> wanted = new HashSet<>();
        Value cost = limit.terms().costValue();
        if (cost != null) {
            wanted.addAll(cost.pathParameters());
        }
        limit.key().forEach(part -> {
            if (part instanceof KeyPart.Computed(Value value)) {
                wanted.addAll(value.pathParameters());
            }
        });
        for (String parameter : wanted) {
            if (!names.contains(parameter)) {
                findings.error(
                        path,
                        limit.name() + " asks for {" + parameter + "}, which is not in " + template.text(),
                        names.isEmpty() ? "expected: no path parameters" : Nearest.hint(parameter, names));
            }
        }
    }

    /// Tells of limits that no route names; when all routes were compiled.
    public void checkUsed() {
        built.keySet().forEach(name -> {
            if (!used.contains(name)) {
                findings.warning("limits." + name, "no route names it", "expected: in `limits` of a route");
            }
        });
    }
}
