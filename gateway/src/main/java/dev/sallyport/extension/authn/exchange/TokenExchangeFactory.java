package dev.sallyport.extension.authn.exchange;

import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.authn.server.ClientProof;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.extension.authn.server.ServerWords;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;

/// Makes the policy of `token-exchange`.
public final class TokenExchangeFactory implements PluginFactory<ExchangeConfig, UpstreamPolicies> {
    private final EventLog log;
    private final LongSupplier nanos;

    /// @param log where a server that fails is named
    public TokenExchangeFactory(EventLog log) {
        this(log, System::nanoTime);
    }

    TokenExchangeFactory(EventLog log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    @Override
    public String kind() {
        return "token-exchange";
    }

    @Override
    public Class<ExchangeConfig> configType() {
        return ExchangeConfig.class;
    }

    @Override
    public Class<UpstreamPolicies> pluginType() {
        return UpstreamPolicies.class;
    }

    @Override
    public UpstreamPolicies create(ExchangeConfig config, PluginContext context) throws PluginException {
        Services services = context.services();
        Instant now = services.clock().instant();
        ServerEndpoint server = ServerEndpoint.of(
                config.endpoint(),
                ClientProof.of(config.client(), config.tls(), config.endpoint(), services.clock()),
                config.limits().timeout(),
                RemoteTls.context(config.tls(), "tls", now));
        Questions<Exchanged> questions = new Questions<>(
                context.name(), log, services.blocking(), nanos, config.limits().bounds(), ServerWords.WORDING);
        TokenExchange.Parts parts =
                new TokenExchange.Parts(new ExchangeQuestion(server, config), questions, services.clock(), nanos);
        return new UpstreamPolicies(List.of(new TokenExchange(context.name(), config, parts, context.loops())));
    }
}
