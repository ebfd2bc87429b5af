package dev.sallyport.extension.token.signing;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import java.time.Duration;

/// `gateway-keys`: publishes the gateway's public signing keys.
public final class GatewayKeys implements Policy {
    /// How long others may keep the set: less than a key is published before it signs.
    private static final Headers HEADERS =
            Headers.of("content-type", "application/jwk-set+json", "cache-control", "public, max-age=300");

    private final SigningKeys keys;

    public GatewayKeys(SigningKeys keys) {
        this.keys = keys;
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
        return new Decision.Answer(new LocalResponse(200, HEADERS, keys.publicSet()));
    }

    /// Nothing to say.
    @Doc("Answers with the gateway's public signing keys as a JWK set; no upstream is asked.")
    public record Config() {}

    /// Makes the policy of `gateway-keys`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        /// Who publishes keys wants them to exist; by itself nothing is signed.
        private static final Duration SHORTEST = Duration.ofSeconds(1);

        private final SigningKeys keys;

        public Factory(SigningKeys keys) {
            this.keys = keys;
        }

        @Override
        public String kind() {
            return "gateway-keys";
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
        public RoutePolicies create(Config config, PluginContext context) {
            keys.need(SHORTEST);
            return RoutePolicies.answering(new GatewayKeys(keys));
        }
    }
}
