package dev.sallyport.extension.shape;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `rewrite`: changes path, host and header fields on the way to the upstream, and header fields on the way back.
///
/// It comes after access was decided and never changes what was decided about: the request stays as it is.
public final class Rewrite implements Policy {
    private static final Refusal INVALID = Refusal.of(
            400,
            "rewrite-invalid",
            "Bad path",
            "The path cannot be turned into one that the service behind understands.");

    private static final Decision REFUSED = new Decision.Refuse(INVALID);

    private final @Nullable NewPath path;
    private final @Nullable String host;
    private final @Nullable HeaderRewrite headers;

    private Rewrite(@Nullable NewPath path, @Nullable String host, @Nullable HeaderRewrite headers) {
        this.path = path;
        this.host = host;
        this.headers = headers;
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        if (path != null) {
            String built = path.of(exchange);
            if (built == null) {
                return REFUSED;
            }
            String query = exchange.forwardedQuery();
            exchange.upstreamPath(query == null ? built : built + '?' + query);
        }
        if (host != null) {
            exchange.upstreamHost(host);
        }
        if (headers != null) {
            headers.applyTo(exchange.requestEdits());
        }
        return Decision.PROCEED;
    }

    /// What is rewritten.
    @Doc("Changes the request on its way to the upstream and the header of the response on its way back.")
    public record Config(
            @Doc(
                    "The path that the upstream is asked for: text, `{name}` for a parameter of the route's path, and a last "
                            + "`/**` (or `{rest}`) for what the route's `/**` matched. The query is kept.")
            @Nullable
            String path,

            @Doc("The `Host` that the upstream is given, as `host` or `host:port`.") @Nullable
            String host,

            @Doc("Changes to header fields.") @Nullable Headers headers) {

        /// Changes by direction.
        public record Headers(
                @Doc("On the way to the upstream.") @Nullable
                Changes request,

                @Doc("On the way to the client.") @Nullable Changes response) {}
    }

    /// Changes to one header section.
    public record Changes(
            @Doc("Fields that replace those of the same name.") @Nullable
            Map<String, String> set,

            @Doc("Fields that are added beside those of the same name.") @Nullable
            Map<String, String> add,

            @Doc("Names of fields that are removed.") @Nullable
            List<String> remove) {}

    /// Makes the policies of `rewrite`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        @Override
        public String kind() {
            return "rewrite";
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
            NewPath path = config.path() == null ? null : NewPath.parse(config.path(), context.loops());
            if (config.host() != null) {
                HostText.check("host", config.host());
            }
            Config.Headers headers = config.headers();
            HeaderRewrite request = headers == null ? null : HeaderRewrite.of("headers.request", headers.request());
            HeaderRewrite response = headers == null ? null : HeaderRewrite.of("headers.response", headers.response());
            if (path == null && config.host() == null && request == null && response == null) {
                throw new PluginException("", "nothing to rewrite (expected: path, host or headers)");
            }
            List<ResponsePolicy> onResponse = response == null
                    ? List.of()
                    : List.of((exchange, head) -> response.applyTo(exchange.responseEdits()));
            return new RoutePolicies(
                    List.of(new Rewrite(path, config.host(), request)),
                    onResponse,
                    path == null ? Set.of() : path.parameters(),
                    false);
        }
    }
}
