package dev.sallyport.extension.authz;

import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.plugin.PluginException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The header fields that a policy server may give to upstreams. What it may give, no client can: fields of these
/// names that came with the request never travel on (threat HD-06).
final class UpstreamFields {
    private static final int MOST = 32;
    private static final int LARGEST = 8192;

    private final String[] names;
    private final Set<String> allowed;

    /// @param names as configured
    /// @throws PluginException when one is the gateway's own business
    UpstreamFields(List<String> names) throws PluginException {
        this.allowed = new LinkedHashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).toLowerCase(Locale.ROOT);
            FieldName.Rule rule = rule(name);
            if (rule == FieldName.Rule.OWN || rule == FieldName.Rule.HOP_BY_HOP || rule == FieldName.Rule.DROP) {
                throw new PluginException(
                        "headers[" + i + "]", name + " (expected: a field that is not the gateway's own business)");
            }
            allowed.add(name);
        }
        this.names = allowed.toArray(String[]::new);
    }

    static FieldName.Rule rule(String name) {
        byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
        return FieldName.of(octets, 0, octets.length).rule();
    }

    /// Those of `fields` that may be given.
    ///
    /// @throws IOException they are more than a request has room for
    List<Ruling.Field> permitted(List<Ruling.Field> fields) throws IOException {
        List<Ruling.Field> permitted = new ArrayList<>();
        int size = 0;
        for (Ruling.Field field : fields) {
            if (allowed.contains(field.name())) {
                permitted.add(field);
                size += field.name().length() + field.value().length();
            }
        }
        if (permitted.size() > MOST || size > LARGEST) {
            throw new IOException("header fields for the upstream of " + size + " octets");
        }
        return permitted;
    }

    /// Takes away what the client sent under these names.
    void strip(HeaderEdits edits) {
        for (String name : names) {
            edits.removeAll(name);
        }
    }

    boolean isEmpty() {
        return names.length == 0;
    }

    /// Gives what the server gave.
    ///
    /// @param permitted by [#permitted]
    static void apply(HeaderEdits edits, List<Ruling.Field> permitted) {
        for (int i = 0; i < permitted.size(); i++) {
            Ruling.Field field = permitted.get(i);
            edits.add(field.name(), field.value());
        }
    }
}
