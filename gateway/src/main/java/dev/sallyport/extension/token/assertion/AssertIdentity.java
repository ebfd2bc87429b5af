package dev.sallyport.extension.token.assertion;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.token.caller.CallerTable;
import dev.sallyport.extension.token.signing.SigningKeys;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// `assert-identity`: tells the upstream who calls in a JWT of seconds' lifetime, signed by the gateway's own key.
///
/// What a client sends in that field never arrives, and of anonymous callers nothing is asserted (threat HD-06).
public final class AssertIdentity implements Policy {
    private static final int CALLERS_PER_LOOP = 4096;

    private final AssertionConfig config;
    private final String prefix;
    private final SigningKeys keys;
    private final InstantSource clock;
    private final CallerTable<Assertion> known;

    private AssertIdentity(AssertionConfig config, SigningKeys keys, InstantSource clock, int loops) {
        this.config = config;
        this.prefix = FieldName.of(config.header()) == FieldName.AUTHORIZATION ? "Bearer " : "";
        this.keys = keys;
        this.clock = clock;
        this.known = new CallerTable<>(loops, CALLERS_PER_LOOP);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public Decision decide(Exchange exchange) {
        exchange.requestEdits().removeAll(config.header());
        Principal caller = exchange.principal();
        if (caller == null) {
            return Decision.PROCEED;
        }
        Assertion assertion = known.get(exchange.loop(), caller);
        if (assertion == null) {
            assertion = new Assertion();
            known.put(exchange.loop(), caller, assertion);
        }
        long now = clock.millis() / 1000;
        String value = assertion.at(now);
        CompletionStage<String> signing =
                assertion.due(now) ? sign(assertion, exchange, caller, now) : assertion.signing();
        if (value != null) {
            return tell(exchange, value);
        }
        if (signing == null) {
            throw new IllegalStateException("an assertion that is neither signed nor being signed");
        }
        return new Decision.Await(signing.thenApplyAsync(signed -> tell(exchange, signed), exchange::execute));
    }

    private Decision tell(Exchange exchange, String value) {
        exchange.requestEdits().add(config.header(), value);
        return Decision.PROCEED;
    }

    private CompletionStage<String> sign(Assertion assertion, Exchange exchange, Principal caller, long now) {
        long expires = Math.min(
                now + config.lifetime().toSeconds(), caller.credential().expiresAt());
        CompletionStage<String> signing = keys.sign(
                        config.tokenType(), AssertionClaims.of(config, caller, exchange, now, expires))
                .thenApply(token -> prefix + token);
        assertion.signing(signing);
        signing.whenCompleteAsync(
                (value, failure) -> {
                    if (failure == null) {
                        assertion.signed(value, now, expires);
                    } else {
                        assertion.failed();
                    }
                },
                exchange::execute);
        return signing;
    }

    /// Makes the policy of `assert-identity`.
    public static final class Factory implements PluginFactory<AssertionConfig, UpstreamPolicies> {
        private final SigningKeys keys;

        public Factory(SigningKeys keys) {
            this.keys = keys;
        }

        @Override
        public String kind() {
            return "assert-identity";
        }

        @Override
        public Class<AssertionConfig> configType() {
            return AssertionConfig.class;
        }

        @Override
        public Class<UpstreamPolicies> pluginType() {
            return UpstreamPolicies.class;
        }

        @Override
        public UpstreamPolicies create(AssertionConfig config, PluginContext context) throws PluginException {
            FieldName header = FieldName.of(config.header());
            if (header != FieldName.OTHER && header != FieldName.IDENTITY_CLAIM && header != FieldName.AUTHORIZATION) {
                throw new PluginException(
                        "header", config.header() + " (expected: Authorization, or a field that says nothing else)");
            }
            for (String claim : config.claims()) {
                if (AssertionClaims.OWN.contains(claim)) {
                    throw new PluginException("claims", claim + " (expected: a claim that the gateway does not make)");
                }
            }
            keys.need(config.lifetime());
            return new UpstreamPolicies(
                    List.of(new AssertIdentity(config, keys, context.services().clock(), context.loops())));
        }
    }
}
