package dev.sallyport.extension.browser;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.PageOrigin;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import java.util.List;

/// `csrf`: refuses requests that change something and that a page of another site had the browser make, with whatever
/// cookies, certificates or passwords the browser adds by itself (threat OA-09).
public final class Csrf implements Policy {
    private static final Decision REFUSED = new Decision.Refuse(PageOrigin.CSRF);

    private final Origins origins;

    private Csrf(Origins origins) {
        this.origins = origins;
    }

    @Override
    public Phase phase() {
        return Phase.SCREEN;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        // a page of another site could open a WebSocket by GET
        if (request.method().safe() && !request.headers().has(FieldName.UPGRADE)) {
            return Decision.PROCEED;
        }
        boolean allowed = switch (PageOrigin.of(exchange)) {
            case OWN, USER -> true;
            case OTHER -> origins.allowed(request.headers()) != null;
            // every browser of today says where such a request comes from; what has a cookie and does not is none
            case UNTOLD -> !request.headers().has(FieldName.COOKIE);
        };
        return allowed ? Decision.PROCEED : REFUSED;
    }

    /// Whose pages are welcome.
    @Doc(
            "Refuses requests that change something (all but GET, HEAD and OPTIONS; with `Upgrade` those too) and that a page of another site made.")
    public record Config(
            @Doc("Origins of other sites whose pages may send such requests, such as `https://app.example.com`.")
            @Default("[]")
            List<String> origins) {}

    /// Makes the policy of `csrf`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        @Override
        public String kind() {
            return "csrf";
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
            return RoutePolicies.looking(List.of(new Csrf(Origins.of(config.origins()))), List.of());
        }
    }
}
