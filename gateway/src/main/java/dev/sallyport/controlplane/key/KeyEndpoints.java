package dev.sallyport.controlplane.key;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the admin listener offers about keys: which there are, the gateway's own as a JWK set, their rotation.
public final class KeyEndpoints {
    private static final int GAP = 2;
    private static final List<String> HEADINGS =
            List.of("HOLDER", "USE", "STATE", "ALG", "KEY", "AGE", "EXPIRES", "ORIGIN");

    private final KeyOperation operation;
    private final InstantSource clock;

    public KeyEndpoints(KeyOperation operation, InstantSource clock) {
        this.operation = operation;
        this.clock = clock;
    }

    /// Every endpoint.
    public List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.of("GET", "/keys", this::keys),
                AdminEndpoint.of("GET", "/jwks", _ -> publicSet()),
                AdminEndpoint.of("POST", "/keys/rotate", this::rotate));
    }

    private AdminResponse keys(AdminRequest request) {
        List<KeyOperation.HeldKey> keys = operation.keys();
        Instant now = clock.instant();
        if (request.asksForText()) {
            return AdminResponse.text(200, keys.isEmpty() ? "no keys are in use\n" : table(keys, now));
        }
        List<Json> list = new ArrayList<>();
        for (KeyOperation.HeldKey one : keys) {
            list.add(json(one.key(), now).put("holder", one.holder()));
        }
        return AdminResponse.json(200, new Json().put("keys", list));
    }

    private static Json json(KnownKey key, Instant now) {
        return new Json()
                .put("use", word(key))
                .put("state", key.state())
                .put("algorithm", key.algorithm())
                .put("id", key.id())
                .put("since", whole(key.since()))
                .put("age-seconds", key.since() == null ? null : seconds(key.since(), now))
                .put("expires", whole(key.expires()))
                .put("origin", key.origin());
    }

    private static String word(KnownKey key) {
        return key.use().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Instant whole(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static long seconds(Instant from, Instant now) {
        return Math.max(0, Duration.between(from, now).toSeconds());
    }

    private static String table(List<KeyOperation.HeldKey> keys, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        for (KeyOperation.HeldKey one : keys) {
            KnownKey key = one.key();
            rows.add(List.of(
                    one.holder(),
                    word(key),
                    key.state().isEmpty() ? "-" : key.state(),
                    key.algorithm(),
                    key.id(),
                    key.since() == null ? "-" : age(seconds(key.since(), now)),
                    key.expires() == null ? "never" : String.valueOf(whole(key.expires())),
                    key.origin()));
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                text.append(cell);
                if (column < row.size() - 1) {
                    text.repeat(' ', width(rows, column) - cell.length() + GAP);
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String age(long seconds) {
        if (seconds >= 86_400) {
            return seconds / 86_400 + "d";
        }
        if (seconds >= 3_600) {
            return seconds / 3_600 + "h";
        }
        return seconds >= 60 ? seconds / 60 + "m" : seconds + "s";
    }

    private AdminResponse publicSet() {
        byte[] set = operation.publicSet();
        return set == null ? nothingIsSigned() : new AdminResponse(200, "application/jwk-set+json", set, Map.of());
    }

    private static AdminResponse nothingIsSigned() {
        return AdminResponse.problem(
                409, "no-signing-keys", "No signing keys", "Nothing in the configuration in use signs.");
    }

    private AdminResponse rotate(AdminRequest request) {
        boolean atOnce = request.query().equals("at-once=true");
        if (!atOnce && !request.query().isEmpty()) {
            return AdminResponse.problem(400, "query-unknown", "Unknown query", "Only at-once=true is known.");
        }
        KnownKey key;
        try {
            key = operation.rotate(atOnce);
        } catch (IOException e) {
            return AdminResponse.problem(
                    503, "signing-keys-not-stored", "The key cannot be stored", String.valueOf(e.getMessage()));
        }
        if (key == null) {
            return nothingIsSigned();
        }
        if (request.asksForText()) {
            return AdminResponse.text(
                    200,
                    atOnce
                            ? "key " + key.id() + " signs now, in the place of all others\n"
                            : "key " + key.id() + " is published, and signs after signing-keys.publish-ahead\n");
        }
        return AdminResponse.json(200, json(key, clock.instant()));
    }
}
