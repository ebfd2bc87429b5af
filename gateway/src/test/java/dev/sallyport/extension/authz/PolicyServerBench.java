package dev.sallyport.extension.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.app.Catalog;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Eventually;
import dev.sallyport.testing.FakeServices;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Authorizers before a policy server of a kind, made from YAML, and exchanges for them to judge.
public abstract class PolicyServerBench {
    protected static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    protected static final Principal ADA = ada(Credential.NEVER);

    protected final FakeServices services = new FakeServices();
    protected final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    private final List<Authorizer> made = new ArrayList<>();
    protected final ByteArrayOutputStream events = new ByteArrayOutputStream();
    protected final EventLog log = new EventLog(events, EventLog.Format.LOGFMT);

    @SuppressWarnings("NullAway.Init") // before each test
    protected FakePolicyServer server;

    protected abstract FakePolicyServer startServer();

    protected abstract PluginFactory<?, Authorizer> factory(LongSupplier clock);

    @BeforeEach
    void start() {
        server = startServer();
        server.allow(Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        for (Authorizer one : made) {
            ((LongLived) one).close();
        }
        server.release();
        server.close();
    }

    protected Authorizer authorizer(String... keys) {
        try {
            return made(keys);
        } catch (PluginException e) {
            throw new AssertionError(e);
        }
    }

    protected Authorizer made(String... keys) throws PluginException {
        Authorizer authorizer = create(factory(nanos::get), keys);
        made.add(authorizer);
        return authorizer;
    }

    private <C extends Record> Authorizer create(PluginFactory<C, Authorizer> factory, String... keys)
            throws PluginException {
        StringBuilder yaml = new StringBuilder("""
                version: 1
                listeners: { public: { bind: "127.0.0.1:0" } }
                routes: { all: { match: {}, access: public, respond: { status: 204 } } }
                authorizers:
                  policy:
                    kind: %s
                    url: "%s"
                """.formatted(factory.kind(), server.url()));
        boolean bounded = false;
        for (String key : keys) {
            bounded |= key.startsWith("limits:");
            // a slow machine is no slow server
            boolean patient = key.startsWith("limits:") && !key.contains("timeout");
            yaml.append("    ")
                    .append(patient ? key.replace("limits: {", "limits: { timeout: 9s,") : key)
                    .append('\n');
        }
        yaml.append(bounded ? "" : "    limits: { timeout: 9s }\n");
        ConfigDocument read = new ConfigReader(
                        Catalog.plugins(EventLog.SILENT), name -> name.equals("OPA") ? "opa-secret" : null)
                .read(ConfigText.of("gateway.yaml", Path.of(""), yaml.toString()));
        assertThat(read.problems()).isEmpty();
        PluginUse use = Objects.requireNonNull(read.config().authorizers().get("policy"));
        return factory.create(factory.configType().cast(use.config()), new PluginContext("policy", 1, services));
    }

    protected static Principal ada(long expiresAt) {
        return new Principal(
                "ada",
                "staff",
                "acme",
                Set.of("clerk", "reader"),
                Claims.of(Map.of("groups", List.of("g1"), "secret", "hidden")),
                new Credential("jwt", "https://id.example.com", "t-1", "shop", "k1", 0, expiresAt));
    }

    protected static Exchanges request() {
        return Exchanges.request()
                .path("/orders/7")
                .query("page=2")
                .header("Authorization", "Bearer t0ken")
                .header("Cookie", "a=b")
                .header("X-Channel", "web")
                .header("X-Channel", "app");
    }

    protected static Exchange exchange() {
        return by(ADA, request());
    }

    protected static Exchange by(Principal caller, Exchanges request) {
        Exchange exchange = request.exchange();
        exchange.configVersion("1-abc");
        exchange.routed("orders", "/orders/{id}", new String[] {"id", "7"});
        exchange.authenticated(caller);
        return exchange;
    }

    protected static Verdict judge(Authorizer authorizer, Exchange exchange) {
        return settled(authorizer.judge(exchange));
    }

    protected static Verdict settled(Verdict verdict) {
        try {
            return verdict instanceof Verdict.Await await
                    ? settled(await.verdict()
                            .toCompletableFuture()
                            .get(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    : verdict;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected static String code(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow _ -> "allowed";
            case Verdict.Deny deny ->
                deny.reason().status() + " " + deny.reason().code();
            case Verdict.Prove prove -> prove.reason().status() + " prove";
            case Verdict.Undecided none ->
                none.reason().status() + " " + none.reason().code();
            case Verdict.Await _ -> "await";
        };
    }

    protected static List<String> given(Exchange exchange) {
        HeaderEdits edits = exchange.requestEditsOrNull();
        List<String> given = new ArrayList<>();
        for (int i = 0; edits != null && i < edits.additions(); i++) {
            given.add(edits.name(i) + ": " + edits.value(i));
        }
        return given;
    }

    protected static boolean takesAway(Exchange exchange, int field) {
        HeaderEdits edits = exchange.requestEditsOrNull();
        return edits != null && edits.removes(exchange.request().headers(), field);
    }
}
