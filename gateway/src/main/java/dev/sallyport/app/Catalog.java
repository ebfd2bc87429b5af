package dev.sallyport.app;

import dev.sallyport.api.access.Revoker;
import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.extension.authn.apikey.ApiKey;
import dev.sallyport.extension.authn.basic.Basic;
import dev.sallyport.extension.authn.certificate.ClientCertField;
import dev.sallyport.extension.authn.certificate.ClientCertificateFactory;
import dev.sallyport.extension.authn.dpop.DpopProofs;
import dev.sallyport.extension.authn.exchange.TokenExchangeFactory;
import dev.sallyport.extension.authn.introspection.IntrospectionFactory;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.jwt.JwtFactory;
import dev.sallyport.extension.authn.oidc.OidcFactory;
import dev.sallyport.extension.authz.envoy.ExtAuthzFactory;
import dev.sallyport.extension.authz.opa.OpaFactory;
import dev.sallyport.extension.balance.Ewma;
import dev.sallyport.extension.balance.LeastRequest;
import dev.sallyport.extension.balance.RandomPick;
import dev.sallyport.extension.balance.RingHash;
import dev.sallyport.extension.balance.RoundRobin;
import dev.sallyport.extension.browser.CorsFactory;
import dev.sallyport.extension.browser.Csrf;
import dev.sallyport.extension.browser.SecurityHeaders;
import dev.sallyport.extension.shape.Redirect;
import dev.sallyport.extension.shape.Respond;
import dev.sallyport.extension.shape.Rewrite;
import dev.sallyport.extension.state.MemoryState;
import dev.sallyport.extension.state.redis.RedisStateFactory;
import dev.sallyport.extension.token.assertion.AssertIdentity;
import dev.sallyport.extension.token.identity.IdentityHeaders;
import dev.sallyport.extension.token.service.TokenServiceFactory;
import dev.sallyport.extension.token.signing.GatewayKeys;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.telemetry.EventLog;
import java.util.List;

/// Every built-in extension, one line each.
public final class Catalog {
    private Catalog() {}

    /// All of them, to read and check configurations with; nothing can be signed.
    ///
    /// @param log where extensions that work between requests say what happens
    public static Plugins plugins(EventLog log) {
        return plugins(log, new SigningKeys(Lent.inMemory(_ -> null), log), Revoker.NONE);
    }

    /// All of them.
    ///
    /// @param log     where extensions that work between requests say what happens
    /// @param keys    what those that sign sign with
    /// @param revoker what takes back tokens that were issued here
    public static Plugins plugins(EventLog log, SigningKeys keys, Revoker revoker) {
        VerificationPool verification = new VerificationPool();
        return new Plugins(List.of(
                new IntrospectionFactory(log, verification),
                new TokenExchangeFactory(log),
                new IdentityHeaders.Factory(),
                new AssertIdentity.Factory(keys),
                new RoundRobin.Factory(),
                new LeastRequest.Factory(),
                new Ewma.Factory(),
                new RandomPick.Factory(),
                new RingHash.Factory(),
                new TokenServiceFactory(keys, DpopProofs.with(verification), revoker, log),
                new Rewrite.Factory(),
                new Redirect.Factory(),
                new Respond.Factory(),
                new CorsFactory(),
                new Csrf.Factory(),
                new SecurityHeaders.Factory(),
                new OidcFactory(log),
                new GatewayKeys.Factory(keys),
                new ClientCertificateFactory(log, verification),
                new ClientCertField.Factory(),
                new JwtFactory(log, verification),
                new ApiKey.Factory(log),
                new OpaFactory(log),
                new ExtAuthzFactory(log),
                new Basic.Factory(log, verification),
                new MemoryState.Factory(),
                new RedisStateFactory(log)));
    }
}
