package dev.sallyport.extension.token.service;

import dev.sallyport.api.access.PossessionProofs;
import dev.sallyport.api.access.Revoker;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the policies of `token-service`; what was given to clients outlasts the configuration here.
public final class TokenServiceFactory implements PluginFactory<TokenServiceConfig, RoutePolicies> {
    private final SigningKeys keys;
    private final PossessionProofs.Maker proofs;
    private final Revoker revoker;
    private final EventLog log;
    private final Map<String, RefreshTokens> refreshTokens = new ConcurrentHashMap<>();

    /// @param keys    sign the tokens
    /// @param proofs  makes who judges what clients prove
    /// @param revoker takes tokens back
    public TokenServiceFactory(SigningKeys keys, PossessionProofs.Maker proofs, Revoker revoker, EventLog log) {
        this.keys = keys;
        this.proofs = proofs;
        this.revoker = revoker;
        this.log = log;
    }

    @Override
    public String kind() {
        return "token-service";
    }

    @Override
    public Class<TokenServiceConfig> configType() {
        return TokenServiceConfig.class;
    }

    @Override
    public Class<RoutePolicies> pluginType() {
        return RoutePolicies.class;
    }

    @Override
    public RoutePolicies create(TokenServiceConfig config, PluginContext context) throws PluginException {
        Clients clients = new Clients();
        Duration longest = config.lifetime();
        for (Map.Entry<String, TokenServiceConfig.Client> entry :
                config.clients().entrySet()) {
            TokenServiceConfig.Client client = entry.getValue();
            String audience = client.audience() == null ? config.audience() : client.audience();
            if (audience == null) {
                throw new PluginException(
                        "clients." + entry.getKey() + ".audience", "none (expected: one, here or for all clients)");
            }
            Duration lifetime = client.lifetime() == null ? config.lifetime() : client.lifetime();
            longest = lifetime.compareTo(longest) > 0 ? lifetime : longest;
            clients.add(entry.getKey(), client, audience, lifetime);
        }
        keys.need(longest);
        Services services = context.services();
        AccessTokens accessTokens = new AccessTokens(config.issuer(), keys, services, revoker, log);
        RefreshTokens tokens = refreshTokens.computeIfAbsent(
                config.issuer(), issuer -> new RefreshTokens(issuer, services, accessTokens::revoke, log));
        TokenBinding binding =
                new TokenBinding(proofs.by(config.dpop(), services), config.issuer() + TokenService.TOKEN);
        TokenEndpoint endpoint = new TokenEndpoint(clients, accessTokens, tokens, config.refreshLifetime(), binding);
        TokenService service = new TokenService(
                config.issuer(),
                TokenMetadata.of(config.issuer(), binding.algorithms()),
                endpoint,
                keys,
                services.blocking());
        return new RoutePolicies(
                List.of(service),
                List.of(),
                Set.of(Exchange.REST),
                true,
                Set.of(TokenService.Paths.of(config.issuer()).inserted()));
    }
}
