package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.Fields;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/// API keys as YAML.
@OffLoop("virtual threads and commands")
final class KeyYaml {
    private static final String HEAD = """
            # API keys, written by `sallyport key`. It holds no key, only keyed hashes; changes are in use within seconds.
            """;
    private static final String VERSION = "1";

    private KeyYaml() {}

    /// @throws StoreException the octets are no keys
    static Map<String, KeyRecord> read(String file, byte[] octets) throws StoreException {
        Fields document = Fields.parse(file, octets);
        if (!VERSION.equals(document.required("version"))) {
            throw document.wrong("version", document.text("version"), "\"1\"");
        }
        Map<String, KeyRecord> keys = new TreeMap<>();
        for (Map.Entry<String, Fields> entry : document.entries("keys").entrySet()) {
            if (!KeyForm.isId(entry.getKey())) {
                throw document.wrong("keys", entry.getKey(), "the id of a key: 12 letters and digits");
            }
            keys.put(entry.getKey(), key(entry.getKey(), entry.getValue()));
        }
        document.end();
        return keys;
    }

    private static KeyRecord key(String id, Fields fields) throws StoreException {
        try {
            Instant created = fields.moment("created");
            if (created == null) {
                throw fields.wrong("created", null, "when it was made");
            }
            KeyRecord key = new KeyRecord(
                    id,
                    new Holder(
                            fields.required("owner"),
                            fields.text("tenant"),
                            fields.texts("roles"),
                            fields.claims("claims")),
                    new KeyRecord.Hash(fields.required("hash"), fields.required("pepper")),
                    new KeyRecord.Term(
                            created,
                            fields.moment("expires"),
                            fields.flag("disabled"),
                            addresses(fields),
                            fields.text("replaces"),
                            fields.moment("overlap-until")));
            fields.end();
            return key;
        } catch (IllegalArgumentException e) {
            throw new StoreException("keys." + id + "." + e.getMessage(), e);
        }
    }

    private static List<AddressRange> addresses(Fields fields) throws StoreException {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : fields.texts("addresses")) {
            ranges.add(AddressRange.parse(text));
        }
        return ranges;
    }

    static byte[] write(Map<String, KeyRecord> keys) {
        Map<String, Object> all = new LinkedHashMap<>();
        keys.values().stream()
                .sorted((a, b) -> a.term().created().compareTo(b.term().created()))
                .forEach(key -> all.put(key.id(), fields(key)));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("keys", all);
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(200)
                .setDereferenceAliases(true) // the reader takes none
                .build();
        return (HEAD + new Dump(settings).dumpToString(document)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> fields(KeyRecord key) {
        Map<String, Object> fields = new LinkedHashMap<>();
        KeyRecord.Term term = key.term();
        fields.put("owner", key.holder().id());
        put(fields, "tenant", key.holder().tenant());
        if (!key.holder().roles().isEmpty()) {
            fields.put("roles", key.holder().roles());
        }
        if (!key.holder().claims().all().isEmpty()) {
            fields.put("claims", key.holder().claims().all());
        }
        fields.put("hash", key.hash().hex());
        fields.put("pepper", key.hash().pepper());
        put(fields, "created", term.created());
        put(fields, "expires", term.expires());
        if (term.disabled()) {
            fields.put("disabled", true);
        }
        if (!term.addresses().isEmpty()) {
            fields.put(
                    "addresses",
                    term.addresses().stream().map(AddressRange::toString).toList());
        }
        put(fields, "replaces", term.replaces());
        put(fields, "overlap-until", term.overlapUntil());
        return fields;
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value.toString());
        }
    }
}
