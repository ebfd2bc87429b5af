package dev.sallyport.extension.token.identity;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.extension.token.caller.CallerTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `identity-headers`: tells the upstream of the caller in header fields.
///
/// What a client sends under these names never arrives, whoever it is and whether or not there is anything to say
/// (threats HD-06, JW-23).
public final class IdentityHeaders implements Policy {
    private static final int CALLERS_PER_LOOP = 1024;
    private static final Decision UNFIT = new Decision.Refuse(Refusal.of(
            403,
            "identity-unfit",
            "Access denied",
            "What your credential says of you cannot be told to the service behind this gateway."));

    private final String[] names;
    private final CallerFact[] facts;
    private final CallerTable<Values> known;

    /// A value for each name, null for none.
    ///
    /// @param fit false when one of them cannot be told
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Values(@Nullable String[] values, boolean fit) {}

    private IdentityHeaders(Map<String, CallerFact> fields, int loops) {
        this.names = fields.keySet().toArray(String[]::new);
        this.facts = fields.values().toArray(CallerFact[]::new);
        this.known = new CallerTable<>(loops, CALLERS_PER_LOOP);
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        HeaderEdits edits = exchange.requestEdits();
        for (String name : names) {
            edits.removeAll(name);
        }
        Principal caller = exchange.principal();
        if (caller == null) {
            return Decision.PROCEED;
        }
        Values values = known.get(exchange.loop(), caller);
        if (values == null) {
            values = valuesOf(caller);
            known.put(exchange.loop(), caller, values);
        }
        if (!values.fit) {
            return UNFIT;
        }
        for (int i = 0; i < names.length; i++) {
            String value = values.values[i];
            if (value != null) {
                edits.add(names[i], value);
            }
        }
        return Decision.PROCEED;
    }

    private Values valuesOf(Principal caller) {
        @Nullable String[] values = new @Nullable String[names.length];
        boolean fit = true;
        for (int i = 0; i < names.length; i++) {
            Object value = facts[i].of(caller);
            String text = value == null ? null : FieldValue.of(value);
            fit &= value == null || text != null;
            values[i] = text;
        }
        return new Values(values, fit);
    }

    /// Names of fields and what they tell.
    @Doc("Tells the servers of the caller in header fields. What a client sends under these names is removed, on"
            + " public routes too; a field of which nothing is known is left out.")
    @Shorthand("fields")
    public record Config(
            @Doc("what it tells: `principal.id`, `principal.tenant`, `principal.roles`, `principal.authenticator`, or"
                    + " `principal.claims.NAME` for a claim, where NAME may be a path with dots. Lists are joined with"
                    + " commas; everything but printable ASCII, and every `%` and `,` of a value, is percent-encoded as"
                    + " UTF-8. A value with control characters or of more than 8 KiB refuses the request (403).")
            @Matches(value = "[!#$&'*+^`|~0-9A-Za-z-]+", expected = "a field name of letters, digits and -")
            Map<String, String> fields) {}

    /// Makes the policy of `identity-headers`.
    public static final class Factory implements PluginFactory<Config, UpstreamPolicies> {
        @Override
        public String kind() {
            return "identity-headers";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<UpstreamPolicies> pluginType() {
            return UpstreamPolicies.class;
        }

        @Override
        public UpstreamPolicies create(Config config, PluginContext context) throws PluginException {
            Map<String, CallerFact> fields = new LinkedHashMap<>();
            for (Map.Entry<String, String> field : config.fields().entrySet()) {
                String name = field.getKey();
                FieldName known = FieldName.of(name);
                if (known != FieldName.OTHER && known != FieldName.IDENTITY_CLAIM) {
                    throw new PluginException(
                            name, name + " (expected: a field that says nothing else, such as X-User-Id)");
                }
                CallerFact fact = CallerFact.parse(field.getValue());
                if (fact == null) {
                    throw new PluginException(name, field.getValue() + " (expected: " + CallerFact.EXPECTED + ")");
                }
                fields.put(name, fact);
            }
            return new UpstreamPolicies(List.of(new IdentityHeaders(fields, context.loops())));
        }
    }
}
