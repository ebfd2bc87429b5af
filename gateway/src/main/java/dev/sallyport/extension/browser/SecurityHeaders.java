package dev.sallyport.extension.browser;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.ResponsePolicy;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.ResponseHead;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `security-headers`: tells browsers what a page may do and who may use it, with defaults that are safe for most.
///
/// A default leaves alone what the upstream says itself, which may be stricter; what is configured replaces it.
public final class SecurityHeaders implements ResponsePolicy {
    private static final String STRICT_TRANSPORT = "strict-transport-security";

    private final Field[] fields;

    /// A field of every response.
    ///
    /// @param replaces whether it takes the place of the upstream's, or stays away where there is one
    private record Field(String name, String value, boolean replaces) {}

    private SecurityHeaders(List<Field> fields) {
        this.fields = fields.toArray(Field[]::new);
    }

    @Override
    public void onResponse(Exchange exchange, ResponseHead head) {
        HeaderEdits edits = exchange.responseEdits();
        for (Field field : fields) {
            boolean there = head.headers().indexOf(field.name, 0) >= 0;
            boolean heeded = !field.name.equals(STRICT_TRANSPORT) || isSecure(exchange);
            if (heeded && (field.replaces || !there)) {
                if (there) {
                    edits.remove(field.name);
                }
                edits.add(field.name, field.value);
            }
        }
    }

    /// Whether the client came by https, be it to a proxy before this gateway. Over http the field means nothing (RFC
    /// 6797 §8.1), and who could send it there could send another.
    private static boolean isSecure(Exchange exchange) {
        String url = exchange.connection().publicUrl();
        return url == null ? exchange.connection().secure() : url.startsWith("https:");
    }

    static final String TEXT = "[\\x21-\\x7e]([\\x20-\\x7e]{0,8190}[\\x21-\\x7e])?";
    static final String EXPECTED = "a value of printable ASCII, or off";

    /// The values.
    @Doc(
            "Header fields that tell browsers what a page may do. Each has a value, or is `off`; one that is left out has its default, unless the upstream says something itself. What upstreams say of their software (`Server`, `X-Powered-By`) never passes the gateway, here or elsewhere.")
    public record Config(
            @Doc("Over https only; default `max-age=31536000`.")
            @Matches(
                    value = "off|max-age=[0-9]{1,10}( *; *[A-Za-z]+)*",
                    expected = "max-age=SECONDS, perhaps with ; includeSubDomains, or off")
            @Nullable
            String strictTransportSecurity,

            @Doc("Default `nosniff`.") @Matches(value = "off|nosniff", expected = "nosniff or off") @Nullable
            String xContentTypeOptions,

            @Doc("Default `SAMEORIGIN`.")
            @Matches(value = "off|DENY|SAMEORIGIN", expected = "DENY, SAMEORIGIN or off")
            @Nullable
            String xFrameOptions,

            @Doc("Default `strict-origin-when-cross-origin`.") @Matches(value = TEXT, expected = EXPECTED) @Nullable
            String referrerPolicy,

            @Doc("Default `camera=(), geolocation=(), microphone=()`.")
            @Matches(value = TEXT, expected = EXPECTED)
            @Nullable
            String permissionsPolicy,

            @Doc("Default `same-origin`.") @Matches(value = TEXT, expected = EXPECTED) @Nullable
            String crossOriginOpenerPolicy,

            @Doc("Default `same-origin`.")
            @Matches(
                    value = "off|same-origin|same-site|cross-origin",
                    expected = "same-origin, same-site, cross-origin or off")
            @Nullable
            String crossOriginResourcePolicy,

            @Doc("Without default: `require-corp` breaks pages that load from other sites.")
            @Matches(value = TEXT, expected = EXPECTED)
            @Nullable
            String crossOriginEmbedderPolicy,

            @Doc(
                    "Without default, since only you know what a page loads; for APIs `default-src 'none'; frame-ancestors 'none'`.")
            @Matches(value = TEXT, expected = EXPECTED)
            @Nullable
            String contentSecurityPolicy,

            @Doc("Without default; a policy that is only reported, to try it out.")
            @Matches(value = TEXT, expected = EXPECTED)
            @Nullable
            String contentSecurityPolicyReportOnly) {}

    /// Makes the policy of `security-headers`.
    public static final class Factory implements PluginFactory<Config, RoutePolicies> {
        private static final String OFF = "off";

        @Override
        public String kind() {
            return "security-headers";
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
            List<Field> fields = new ArrayList<>();
            add(fields, STRICT_TRANSPORT, config.strictTransportSecurity(), "max-age=31536000");
            add(fields, "x-content-type-options", config.xContentTypeOptions(), "nosniff");
            add(fields, "x-frame-options", config.xFrameOptions(), "SAMEORIGIN");
            add(fields, "referrer-policy", config.referrerPolicy(), "strict-origin-when-cross-origin");
            add(fields, "permissions-policy", config.permissionsPolicy(), "camera=(), geolocation=(), microphone=()");
            add(fields, "cross-origin-opener-policy", config.crossOriginOpenerPolicy(), "same-origin");
            add(fields, "cross-origin-resource-policy", config.crossOriginResourcePolicy(), "same-origin");
            add(fields, "cross-origin-embedder-policy", config.crossOriginEmbedderPolicy(), OFF);
            add(fields, "content-security-policy", config.contentSecurityPolicy(), OFF);
            add(fields, "content-security-policy-report-only", config.contentSecurityPolicyReportOnly(), OFF);
            if (fields.isEmpty()) {
                throw new PluginException("", "everything is off (expected: no security-headers, or something on)");
            }
            return RoutePolicies.looking(List.of(), List.of(new SecurityHeaders(fields)));
        }

        private static void add(List<Field> fields, String name, @Nullable String configured, String standard) {
            String value = configured == null ? standard : configured;
            if (!value.equals(OFF)) {
                fields.add(new Field(name, value, configured != null));
            }
        }
    }
}
