package dev.sallyport.controlplane.compile;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.http.PublicUrls;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.config.GatewayConfig;
import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AnyCaller;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles who may use a route.
final class AccessCompiler {
    private final Findings findings;
    private final GatewayConfig config;
    private final List<BuiltAuthenticator> authenticators;

    AccessCompiler(Findings findings, GatewayConfig config, List<BuiltAuthenticator> authenticators) {
        this.findings = findings;
        this.config = config;
        this.authenticators = authenticators;
    }

    /// The rule of the route at `path`, or null when something is wrong.
    @Nullable
    AccessRule compile(String path, RouteConfig.Access access, @Nullable RouteMatch match) {
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
        String list = path + (optional ? ".optional" : ".authenticate");
        List<Authenticator> tried = new ArrayList<>();
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
                tried.add(authenticator);
            }
        }
        if (tried.isEmpty()) {
            return null;
        }
        AccessRule.Credentials credentials =
                guarded.passCredential() ? AccessRule.Credentials.PASSED : AccessRule.Credentials.KEPT_BACK;
        return new AccessRule.Guarded(tried, List.of(new AnyCaller()), optional, credentials);
    }

    private @Nullable Authenticator find(String path, String name) {
        for (BuiltAuthenticator built : authenticators) {
            if (built.name().equals(name)) {
                return built.authenticator();
            }
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
