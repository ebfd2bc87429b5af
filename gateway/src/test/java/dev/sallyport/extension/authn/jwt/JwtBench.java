package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.BoundCheck;
import dev.sallyport.extension.authn.jose.KeySource;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import dev.sallyport.extension.authn.sender.BoundTo;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import dev.sallyport.testing.AnsweringServices;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.TestKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// `jwt` authenticators of one issuer with keys in a file, and tokens for them.
final class JwtBench {
    static final String ISSUER = "https://id.example.com/realms/staff";
    static final String SECRET = "0123456789abcdef0123456789abcdef";

    private static final JwtConfig.Refresh REFRESH =
            new JwtConfig.Refresh(Duration.ofHours(1), Duration.ofSeconds(15), Duration.ofHours(24));

    private FakeServices services = new FakeServices();
    private @Nullable CompletionStage<SharedState.Mark> answer;
    private VerificationPool pool = new VerificationPool();
    private final Path file;
    private final Map<BoundTo, BoundCheck> checks = new EnumMap<>(BoundTo.class);
    private Instant now = Instant.ofEpochSecond(1_800_000_000);

    JwtBench(TestKey... keys) {
        services.at(now);
        try {
            file = Files.createTempFile("keys", ".json");
            Files.writeString(file, TestKey.set(keys));
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    long now() {
        return now.getEpochSecond();
    }

    void pass(long seconds) {
        now = now.plusSeconds(seconds);
        services.at(now);
    }

    /// From now on authenticators are those of a process that was just started.
    void restart() {
        services = new FakeServices(now);
    }

    /// From now on every mark is answered like this.
    void answering(CompletionStage<SharedState.Mark> same) {
        answer = same;
    }

    /// From now on authenticators check signatures there.
    void checkingBy(Executor threads) {
        pool = new VerificationPool(threads, 10, 10);
    }

    JwtBench binding(BoundTo what, BoundCheck check) {
        checks.put(what, check);
        return this;
    }

    Authenticator jwt() {
        return jwt("");
    }

    /// With lines of configuration that differ from the usual.
    Authenticator jwt(String settings) {
        return make(config(settings, new UrlOrFile(null, file), null));
    }

    Authenticator withSecret() {
        return make(config("", null, new Secret(SECRET)));
    }

    Authenticator make(JwtConfig config) {
        try {
            return new JwtFactory(EventLog.SILENT, pool, this::senders)
                    .create(config, new PluginContext("staff", 1, lent()));
        } catch (PluginException e) {
            throw new AssertionError(e.key() + ": " + e.getMessage(), e);
        }
    }

    /// With keys from somewhere else.
    Authenticator with(KeySource keys) {
        JwtConfig config = config("", new UrlOrFile(null, file), null);
        JwtParts parts = new JwtParts(
                "staff",
                new TokenRules(config),
                new JwtParts.Keys(EnumSet.of(Algorithm.ES256), keys, null),
                new Senders(List.of()),
                new Callers(new PrincipalMapping(config.principal(), "staff")),
                new JwtParts.Shared(pool, lent()));
        return new Jwt(parts, 1);
    }

    private Senders senders(JwtConfig config, PluginContext context) {
        return new Senders(config.boundTo().stream()
                .map(one -> Objects.requireNonNull(checks.get(one)))
                .toList());
    }

    private Services lent() {
        CompletionStage<SharedState.Mark> same = answer;
        return same == null ? services : new AnsweringServices(services, same);
    }

    private JwtConfig config(String settings, @Nullable UrlOrFile jwks, @Nullable Secret secret) {
        Map<String, String> lines = new HashMap<>();
        settings.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            lines.put(line.substring(0, colon), line.substring(colon + 2));
        });
        String lifetime = lines.get("max-lifetime");
        String decrypt = lines.get("decrypt");
        String algorithms = lines.get("algorithms");
        String bound = lines.getOrDefault("bound-to", "");
        return new JwtConfig(
                lines.getOrDefault("issuer", ISSUER),
                jwks,
                secret,
                List.of("orders-api", "orders"),
                algorithms == null
                        ? List.of()
                        : List.of(algorithms.replaceAll("[\\[\\] ]", "").split(",", -1)),
                lines.get("token-type"),
                lifetime == null ? null : Duration.parse("PT" + lifetime),
                Duration.ofSeconds(30),
                decrypt == null
                        ? null
                        : new JwtConfig.Decrypt(
                                Path.of(decrypt.replace(" required", "")), decrypt.endsWith(" required")),
                bound.isEmpty()
                        ? List.of()
                        : List.of(bound.split(",", -1)).stream()
                                .map(word -> word.equals("dpop") ? BoundTo.DPOP : BoundTo.MTLS)
                                .toList(),
                new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256")),
                new JwtConfig.Replay(lines.containsKey("replay")),
                new PrincipalConfig("sub", "realm_access.roles", Map.of(), "tenant"),
                REFRESH,
                null);
    }

    /// Good claims, and `more` members.
    String claims(String more) {
        return "{\"iss\":\"" + ISSUER + "\",\"sub\":\"anna\",\"aud\":\"orders-api\",\"iat\":" + now() + ",\"exp\":"
                + (now() + 300) + (more.isEmpty() ? "" : "," + more) + "}";
    }

    /// Good claims, with another JSON value for `name`.
    String claimsWith(String name, String value) {
        String without = claimsWithout(name);
        return without.substring(0, without.length() - 1) + ",\"" + name + "\":" + value + "}";
    }

    String claimsWithout(String name) {
        return claims("").replaceFirst("\"" + name + "\":", "\"x-" + name + "\":");
    }

    static Exchange bearer(String token) {
        return shown("Bearer " + token);
    }

    static Exchange shown(String authorization) {
        return Exchanges.request().header("Authorization", authorization).exchange();
    }

    /// How many tokens the authenticator counted, by outcome.
    Map<String, Double> outcomes(Authenticator jwt) {
        Map<String, Double> outcomes = new HashMap<>();
        ((MetricSource) jwt).collect((metric, value, labels) -> {
            if (metric.equals(Metrics.TOKENS)) {
                outcomes.put(labels[1], value);
            }
        });
        return outcomes;
    }
}
