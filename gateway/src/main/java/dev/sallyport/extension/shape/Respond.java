package dev.sallyport.extension.shape;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `respond`: the same answer to every request.
public final class Respond implements Policy {
    private static final int DEFAULT_STATUS = 200;
    private static final String DEFAULT_TYPE = "text/plain; charset=utf-8";

    private final Decision answer;

    private Respond(LocalResponse response) {
        answer = new Decision.Answer(response);
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
        return answer;
    }

    /// The answer.
    @Doc("The same answer to every request; no upstream is asked.")
    public record Config(
            @Doc("200 to 599; default 200.") @Nullable Integer status,

            @Doc("The media type of the body; default `text/plain; charset=utf-8`.") @Nullable
            String contentType,

            @Doc("Text, sent as UTF-8; default none.") @Nullable
            String body,

            @Doc("Further header fields.") @Nullable Map<String, String> headers) {}

    /// Makes the policy of `respond`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        @Override
        public String kind() {
            return "respond";
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
            if (status < 200 || status > 599) {
                throw new PluginException("status", status + " (expected: 200 to 599)");
            }
            String body = config.body() == null ? "" : config.body();
            boolean bodiless = status == 204 || status == 205 || status == 304;
            if (bodiless && !body.isEmpty()) {
                throw new PluginException("body", "a body (expected: none with status " + status + ")");
            }
            Headers headers = headers(config, !body.isEmpty());
            LocalResponse response = new LocalResponse(status, headers, body.getBytes(StandardCharsets.UTF_8));
            return RoutePolicies.answering(new Respond(response));
        }

        private static Headers headers(Config config, boolean typed) throws PluginException {
            Headers.Builder headers = new Headers.Builder();
            String type = config.contentType();
            if (type != null) {
                FieldText.checkValue("content-type", type);
            }
            if (typed) {
                headers.add("content-type", type == null ? DEFAULT_TYPE : type);
            }
            if (config.headers() != null) {
                for (Map.Entry<String, String> field : config.headers().entrySet()) {
                    FieldText.checkName("headers", field.getKey());
                    FieldText.checkValue("headers." + field.getKey(), field.getValue());
                    if (FieldName.of(field.getKey()) == FieldName.CONTENT_TYPE) {
                        throw new PluginException(
                                "headers", field.getKey() + " (expected: the key content-type for it)");
                    }
                    headers.add(field.getKey(), field.getValue());
                }
            }
            return headers.build();
        }
    }
}
