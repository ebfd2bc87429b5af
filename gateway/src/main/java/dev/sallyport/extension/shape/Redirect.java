package dev.sallyport.extension.shape;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `redirect`: answers with a `Location` made of the request's own, with some parts replaced.
///
/// Where scheme, host and port stay, `Location` is the path alone, and never one that a browser takes for another
/// host's (threat PA-04).
public final class Redirect implements Policy {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final int DEFAULT_STATUS = 302;
    private static final byte[] NO_BODY = {};

    private static final Decision REFUSED = new Decision.Refuse(
            Refusal.of(400, "redirect-invalid", "Bad path", "The path cannot be turned into one to redirect to."));

    private final int status;
    private final @Nullable String scheme;
    private final @Nullable String host;
    private final int port;
    private final @Nullable NewPath path;
    private final boolean keepQuery;

    private Redirect(Config config, int status, @Nullable NewPath path) {
        this.status = status;
        this.scheme = config.scheme();
        this.host = config.host();
        this.port = config.port() == null ? -1 : config.port();
        this.path = path;
        this.keepQuery = config.query() != Query.DROP;
    }

    @Override
    public Phase phase() {
        return Phase.ANSWER;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        String target = path == null ? request.path() : path.of(exchange);
        if (target == null || !isPlainPath(target)) {
            return REFUSED;
        }
        StringBuilder location = new StringBuilder(128);
        if (scheme != null || host != null || port >= 0) {
            location.append(scheme == null ? request.scheme() : scheme).append("://");
            location.append(host == null ? request.authority().host() : host);
            if (port >= 0) {
                location.append(':').append(port);
            }
        }
        location.append(target);
        String query = exchange.forwardedQuery();
        if (keepQuery && query != null) {
            location.append('?').append(query);
        }
        Headers headers =
                new Headers.Builder().add("location", location.toString()).build();
        return new Decision.Answer(new LocalResponse(status, headers, NO_BODY));
    }

    /// Whether `path` is one slash and what cannot be read as the start of an authority; `*` of `OPTIONS *` is
    /// not.
    private static boolean isPlainPath(String path) {
        return path.startsWith("/") && !path.startsWith("//") && path.indexOf('\\') < 0;
    }

    /// What happens to the query.
    public enum Query {
        KEEP,
        DROP
    }

    /// Where to.
    @Doc("Answers with a redirect to the same URL with some parts replaced; no upstream is asked.")
    public record Config(
            @Doc("301, 302, 303, 307 or 308; default 302.") @Nullable
            Integer status,

            @Doc("`http` or `https`; default the request's.") @Nullable
            String scheme,

            @Doc("Default the request's.") @Nullable String host,

            @Doc("Default the usual one of the scheme where scheme or host is replaced.") @Nullable
            Integer port,

            @Doc(
                    "Text, `{name}` for a parameter of the route's path, and a last `/**` (or `{rest}`) for what the route's "
                            + "`/**` matched; default the request's.")
            @Nullable
            String path,

            @Doc("`keep` or `drop`; default `keep`.") @Nullable
            Query query) {}

    /// Makes the policy of `redirect`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        @Override
        public String kind() {
            return "redirect";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<RoutePolicies> pluginType() {
            return RoutePolicies.class;
        }

        @Override
        public RoutePolicies create(Config config, PluginContext context) throws PluginException {
            int status = config.status() == null ? DEFAULT_STATUS : config.status();
            if (!STATUSES.contains(status)) {
                throw new PluginException("status", status + " (expected: 301, 302, 303, 307 or 308)");
            }
            String scheme = config.scheme();
            if (scheme != null && !scheme.equals("http") && !scheme.equals("https")) {
                throw new PluginException("scheme", scheme + " (expected: http or https)");
            }
            if (config.host() != null) {
                HostText.checkHost("host", config.host());
            }
            Integer port = config.port();
            if (port != null && (port < 1 || port > 65535)) {
                throw new PluginException("port", port + " (expected: 1 to 65535)");
            }
            NewPath path = config.path() == null ? null : NewPath.parse(config.path(), context.loops());
            if (scheme == null && config.host() == null && port == null && path == null) {
                throw new PluginException("", "leads to itself (expected: scheme, host, port or path)");
            }
            return new RoutePolicies(
                    List.of(new Redirect(config, status, path)),
                    List.of(),
                    path == null ? Set.of() : path.parameters(),
                    true);
        }
    }
}
