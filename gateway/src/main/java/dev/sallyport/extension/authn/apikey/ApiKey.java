package dev.sallyport.extension.authn.apikey;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.QueryParameter;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authn.apikey.key.KeyForm;
import dev.sallyport.extension.authn.live.LiveStore;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// `api-key`: a caller proves who it is by a key that was made for it.
public final class ApiKey implements Authenticator, LongLived, MetricSource {
    static final String KIND = "api-key";

    private static final Set<String> NOT_FOR_KEYS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "host",
            "content-length",
            "content-type",
            "transfer-encoding",
            "connection",
            "upgrade",
            "te",
            "trailer",
            "expect",
            "dpop");

    private final String name;
    private final String header;
    private final @Nullable String parameterName;
    private final @Nullable QueryParameter parameter;
    private final String challenge;
    private final LiveStore<KeyTable> keys;
    private final InstantSource clock;
    private final Authentication several;
    private final Authentication unavailable;
    private final Authentication malformed;

    private ApiKey(
            String name,
            ApiKeyConfig.From from,
            LiveStore<KeyTable> keys,
            KeyTable.Refusals refusals,
            InstantSource clock) {
        this.name = name;
        this.header = from.header().toLowerCase(Locale.ROOT);
        this.parameterName = from.query();
        this.parameter = parameterName == null ? null : new QueryParameter(parameterName);
        this.challenge = challenge(from.header());
        this.keys = keys;
        this.clock = clock;
        this.malformed = refusals.malformed();
        this.several = new Authentication.BadCredential(
                Refusal.of(400, "api-key-repeated", "Several API keys", "The request holds more than one API key."));
        this.unavailable = new Authentication.BadCredential(Refusal.of(
                        503,
                        "api-keys-unavailable",
                        "Access could not be decided",
                        "Which API keys are good is not known now.")
                .with(Headers.of("retry-after", "5")));
    }

    private static String challenge(String header) {
        return "ApiKey in=\"header\", name=\"" + header + '"';
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        Headers headers = exchange.request().headers();
        int at = headers.indexOf(header, 0);
        String query = exchange.request().query();
        int inQuery = parameter == null || query == null ? 0 : parameter.count(query);
        if (at < 0 && inQuery == 0) {
            return Authentication.NO_CREDENTIAL;
        }
        if (inQuery > 1 || (at >= 0 && (inQuery > 0 || headers.indexOf(header, at + 1) >= 0))) {
            return several;
        }
        KeyTable table = keys.current();
        if (table == null) {
            return unavailable;
        }
        String key;
        if (at >= 0) {
            key = headers.valueEnd(at) - headers.valueStart(at) == KeyForm.LENGTH ? headers.value(at) : null;
        } else {
            key = parameter == null ? null : parameter.first(query);
        }
        return key == null ? malformed : table.judge(key, exchange, clock.millis() / 1000);
    }

    @Override
    public @Nullable String claimed(Exchange exchange) {
        int at = exchange.request().headers().indexOf(header, 0);
        String key = at >= 0
                ? exchange.request().headers().value(at)
                : parameter == null ? null : parameter.first(exchange.request().query());
        String id = key == null ? null : KeyForm.id(key);
        return id == null ? null : name + "/" + id;
    }

    @Override
    public List<String> challenges() {
        return List.of(challenge);
    }

    @Override
    public Set<String> credentialFields() {
        return Set.of(header);
    }

    @Override
    public Set<String> credentialParameters() {
        return parameterName == null ? Set.of() : Set.of(parameterName);
    }

    @Override
    public CompletionStage<?> start() {
        return keys.start();
    }

    @Override
    public void close() {
        keys.close();
    }

    @Override
    public void collect(MetricSink sink) {
        keys.collect(sink);
    }

    /// Makes authenticators of kind `api-key`.
    public static final class Factory implements PluginFactory<ApiKeyConfig, Authenticator> {
        private final EventLog log;

        public Factory(EventLog log) {
            this.log = log;
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Class<ApiKeyConfig> configType() {
            return ApiKeyConfig.class;
        }

        @Override
        public Class<Authenticator> pluginType() {
            return Authenticator.class;
        }

        @Override
        public Authenticator create(ApiKeyConfig config, PluginContext context) throws PluginException {
            String header = config.from().header();
            if (NOT_FOR_KEYS.contains(header.toLowerCase(Locale.ROOT))) {
                throw new PluginException("from.header", header + " (expected: a field of its own, such as X-Api-Key)");
            }
            Refusal invalid = Refusal.of(
                            401, "api-key-invalid", "Authentication failed", "The API key is not valid here.")
                    .with(Headers.of("www-authenticate", challenge(header)));
            KeyTable.Refusals refusals = KeyTable.Refusals.of(invalid);
            try {
                KeySource source = KeySource.of(config, context, refusals);
                LiveStore<KeyTable> keys =
                        new LiveStore<>(source.settings(), source, KeyTable::size, context.services(), log);
                if (source.isAtHand()) {
                    keys.preload();
                }
                return new ApiKey(
                        context.name(),
                        config.from(),
                        keys,
                        refusals,
                        context.services().clock());
            } catch (StoreException e) {
                throw new PluginException("keys", String.valueOf(e.getMessage()));
            } catch (IllegalArgumentException e) {
                throw new PluginException("pepper", String.valueOf(e.getMessage()));
            }
        }
    }
}
