package dev.sallyport.extension.browser;

import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the policy of `cors`.
public final class CorsFactory implements PluginFactory<CorsFactory.Config, RoutePolicies> {
    static final String NAME = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
    private static final String EVERY = "*";

    /// Which pages may do what.
    @Doc(
            "Which pages of other origins may send requests to the route and read the responses (CORS). Preflights are answered by the gateway, before anybody is asked who calls.")
    public record Config(
            @Doc(
                    "Origins, exactly as browsers write them, such as `https://app.example.com`; or `*` alone for every one, without `credentials`.")
            List<String> origins,

            @Doc("The methods that pages may use; left out: all that the route serves.")
            @Default("[]")
            @Matches(
                    value = "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS",
                    expected = "one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
            List<String> methods,

            @Doc(
                    "The request fields that pages may set, beside those that need no leave; `*` for any but `Authorization`.")
            @Default("[]")
            @Matches(value = NAME, expected = "the name of a header field")
            List<String> headers,

            @Doc("The response fields that pages may read, beside those that need no leave.")
            @Default("[]")
            @Matches(value = NAME, expected = "the name of a header field")
            List<String> expose,

            @Doc("`true`: pages may send cookies, certificates and passwords along.") @Default("false")
            boolean credentials,

            @Doc("How long browsers may remember the answer to a preflight.")
            @Default("10m")
            @Range(min = "0s", max = "24h")
            Duration maxAge) {}

    @Override
    public String kind() {
        return "cors";
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
        Origins origins = Origins.orEvery(config.origins());
        if (config.credentials()) {
            // browsers refuse these with credentials, for good reasons
            refuseEvery("origins", origins.every());
            refuseEvery("headers", config.headers().contains(EVERY));
            refuseEvery("expose", config.expose().contains(EVERY));
        }
        Set<Method> methods = EnumSet.noneOf(Method.class);
        config.methods().forEach(method -> methods.add(Method.valueOf(method)));
        String[] names = config.headers().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals(EVERY))
                .distinct()
                .toArray(String[]::new);
        Cors cors = new Cors(
                origins,
                methods,
                new Cors.RequestFields(config.headers().contains(EVERY), names, list(config.headers())),
                new Cors.Told(
                        config.credentials(),
                        methods.isEmpty()
                                ? null
                                : methods.stream().map(Method::name).collect(Collectors.joining(", ")),
                        list(config.expose()),
                        Long.toString(config.maxAge().toSeconds())));
        return new RoutePolicies(List.of(cors), List.of(cors), Set.of(), false, Set.of(), true);
    }

    private static void refuseEvery(String key, boolean every) throws PluginException {
        if (every) {
            throw new PluginException(key, "* with credentials (expected: names, one by one)");
        }
    }

    private static @Nullable String list(List<String> names) {
        return names.isEmpty() ? null : String.join(", ", names).toLowerCase(Locale.ROOT);
    }
}
