package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.compile.access.Roles;
import dev.sallyport.controlplane.compile.behaviour.BuiltBehaviour;
import dev.sallyport.controlplane.compile.limit.BuiltLimit;
import dev.sallyport.controlplane.config.AdminConfig;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.dataplane.snapshot.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A configuration made ready to run.
///
/// @param parts    upstreams, listeners, authenticators, policy servers and shared state with what they were made of,
/// for
///     the next compilation, and roles
/// @param problems warnings only
public record Compiled(
        ConfigDocument document, GatewaySnapshot snapshot, Parts parts, List<ConfigProblem> problems, Set<Path> files)
        implements Compilation {

    /// Upstreams, listeners, authenticators, policy servers, shared state (null for the usual) and limits,
    /// each with what it was made of; the roles that access rules go by, and the rules of the access log's
    /// sampling.
    public record Parts(
            List<BuiltUpstream> upstreams,
            List<BuiltListener> listeners,
            List<BuiltPlugin<Authenticator>> authenticators,
            List<BuiltPlugin<Authorizer>> authorizers,
            @Nullable BuiltPlugin<SharedState> state,
            Roles roles,
            List<BuiltLimit> limits,
            @Nullable BuiltBehaviour behaviour,
            List<LogRule> logRules) {
        public Parts {
            upstreams = List.copyOf(upstreams);
            listeners = List.copyOf(listeners);
            authenticators = List.copyOf(authenticators);
            authorizers = List.copyOf(authorizers);
            limits = List.copyOf(limits);
            logRules = List.copyOf(logRules);
        }
    }

    public GatewayConfig config() {
        return document.config();
    }

    /// The configuration's name in status and logs, see [GatewaySnapshot#version()].
    public String version() {
        return snapshot.version();
    }

    /// Ports to serve; a listener that did not change is the same object as in the compilation before.
    public List<ListenerSettings> listeners() {
        return parts.listeners().stream().map(BuiltListener::settings).toList();
    }

    /// Gives listeners that go on serving their new certificates; for the one who puts this into use, just
    /// before the ports are served by it. Connections keep what they began with.
    public void renewCertificates() {
        for (BuiltListener built : parts.listeners()) {
            built.renewCertificates();
        }
    }

    /// Every upstream; one that did not change is the same object as in the compilation before.
    public List<Upstream> upstreams() {
        return parts.upstreams().stream().map(BuiltUpstream::upstream).toList();
    }

    /// The state that is configured; null for the usual one.
    public @Nullable SharedState state() {
        BuiltPlugin<SharedState> built = parts.state();
        return built == null ? null : built.plugin();
    }

    /// What nothing that is told of requests may show.
    ///
    /// @param headers    names of fields, in their order
    /// @param parameters names of parameters of queries, forms and JSON, in their order
    public record Secrets(List<String> headers, List<String> parameters) {}

    /// What the configuration calls secret, and where its authenticators find credentials.
    public Secrets secrets() {
        TreeSet<String> headers = new TreeSet<>(observe().redact().headers());
        TreeSet<String> parameters = new TreeSet<>(observe().redact().query());
        parts.authenticators().forEach(built -> {
            headers.addAll(built.plugin().credentialFields());
            parameters.addAll(built.plugin().credentialParameters());
        });
        return new Secrets(List.copyOf(headers), List.copyOf(parameters));
    }

    public ObserveConfig observe() {
        return config().observe();
    }

    public AdminConfig admin() {
        return config().admin();
    }

    /// The routes that anybody may use.
    public List<Route> publicRoutes() {
        return snapshot.routes().routes().stream()
                .filter(route -> route.access() instanceof AccessRule.Public)
                .toList();
    }

    @Nullable
    BuiltUpstream upstream(String name) {
        for (BuiltUpstream built : parts.upstreams()) {
            if (built.upstream().name().equals(name)) {
                return built;
            }
        }
        return null;
    }

    @Nullable
    BuiltListener listener(String name) {
        for (BuiltListener built : parts.listeners()) {
            if (built.settings().name().equals(name)) {
                return built;
            }
        }
        return null;
    }
}
