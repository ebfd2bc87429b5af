package dev.sallyport.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.app.Catalog;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.Foundation;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.flow.Rehearsal;
import dev.sallyport.dataplane.snapshot.RouteSearch;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.extension.observe.audit.Audit;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// What is explained is what is done: the explanation of any caller's request ends as the gate lets it end that runs
/// with the same configuration and an authenticator that proves that caller.
class ExplainPropertiesTest {
    private static final FakeServices SERVICES = new FakeServices();
    private static final AdmissionGate GATE = new AdmissionGate(caller -> switch (caller.id()) {
        case "mallory" -> Revocations.Standing.REVOKED;
        case "trent" -> Revocations.Standing.UNKNOWN;
        default -> Revocations.Standing.GOOD;
    });
    private static final String BEGIN = """
            version: 1
            listeners: { plain: { bind: "127.0.0.1:8080" } }
            upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
            authenticators: { one: { kind: proving }, two: { kind: proving } }
            """;
    private static final List<String> ROLES = List.of("reader", "clerk", "admin", "stranger");
    private static final List<String> ROLE_MODELS = List.of(
            "{ reader: { permissions: ['orders:read'] }, clerk: { inherits: [reader], permissions: ['orders:write'] }, "
                    + "admin: { permissions: ['*:*'] } }",
            "{ reader: { permissions: ['*:read', 'reports:list'] }, clerk: { permissions: ['orders:*'] }, "
                    + "admin: { inherits: [clerk, reader], permissions: ['reports:*'] } }");
    private static final List<String> CONDITIONS = List.of(
            "path.id == \"1\"",
            "principal.id == \"alice\"",
            "principal.tenant == path.id",
            "principal.claims.level > 2",
            "\"a\" in principal.claims.groups",
            "authenticated",
            "client.address == \"192.0.2.1\"",
            "query.x == \"1\"",
            "has(principal.claims.level) && principal.claims.level == 1",
            "principal.claims.deep.down == true",
            "time.now < timestamp(\"2026-06-01T00:00:00Z\")",
            "request.method == \"GET\" || principal.tenant == \"acme\"");

    private final Proving.Factory proving = new Proving.Factory();

    /// Proves whom it is told to.
    private record Proving(String name, Factory factory) implements Authenticator {
        @Override
        public Authentication authenticate(Exchange exchange) {
            Principal caller = factory.caller;
            return caller != null && caller.authenticator().equals(name)
                    ? new Authentication.Proven(caller)
                    : Authentication.NO_CREDENTIAL;
        }

        @Override
        public List<String> challenges() {
            return List.of("Bearer realm=\"" + name + "\"");
        }

        /// Keys of kind `proving`.
        @Doc("For this test.")
        record Config(@Doc("Nothing.") @Default("none") String nothing) {}

        /// Makes them.
        private static final class Factory implements PluginFactory<Config, Authenticator> {
            private @Nullable Principal caller;

            @Override
            public String kind() {
                return "proving";
            }

            @Override
            public Class<Config> configType() {
                return Config.class;
            }

            @Override
            public Class<Authenticator> pluginType() {
                return Authenticator.class;
            }

            @Override
            public Authenticator create(Config config, PluginContext context) {
                return new Proving(context.name(), this);
            }
        }
    }

    private Compiled compile(String yaml) {
        Plugins plugins = Catalog.plugins(EventLog.SILENT).and(List.of(proving));
        Foundation foundation = new Foundation(
                (_, _, _, _, _) -> {
                    throw new IllegalStateException("nothing is connected to");
                },
                1,
                HostResolver.SYSTEM,
                SERVICES,
                new CelExpressions(SERVICES.clock()),
                new MemoryCounters(System::nanoTime, SERVICES.clock(), Runnable::run),
                new Audit().required());
        Compilation compilation = new SnapshotCompiler(plugins, foundation, TlsEngine.installed(), "sallyport-test")
                .compile(
                        new ConfigReader(plugins, _ -> null).read(ConfigText.of("gateway.yaml", Path.of("."), yaml)),
                        null,
                        1);
        if (compilation instanceof Compiled compiled) {
            return compiled;
        }
        throw new AssertionError(compilation.problems() + "\n" + yaml);
    }

    /// How the gate ends it.
    private String really(Question question, Compiled compiled) throws QuestionException {
        Arrival arrival = Arrival.of(question, Address.parse(question.url()), compiled.listeners(), null);
        Exchange exchange = Rehearsal.exchange(
                Objects.requireNonNull(arrival.request()),
                arrival.connection(),
                Runnable::run,
                0,
                SERVICES.clock().millis());
        RouteSearch search = new RouteSearch();
        compiled.snapshot().routes().find(exchange.request(), search);
        exchange.routed(search.matched().name(), search.matched().match().path().text(), search.parameters());
        proving.caller = question.anonymous()
                ? null
                : AssumedCaller.of(question, Objects.requireNonNull(question.authenticator()), "proving");
        Passage passage = GATE.admit(exchange, search.matched().access());
        String end = switch (passage) {
            case Passage.Granted granted -> "allowed by " + granted.admission().rule();
            case Passage.Refused refused ->
                "refused " + refused.refusal().status() + " "
                        + refused.refusal().code() + " by " + exchange.deniedBy();
            case Passage.Answered _ -> "answered";
            case Passage.Await _ -> "later";
        };
        return end + " shadow " + exchange.shadowDeniedBy();
    }

    private String explained(Question question, Compiled compiled) throws QuestionException {
        proving.caller = new Principal("somebody-else", "one", Set.of("admin"));
        Explained.Result result = new Explainer(GATE, Runnable::run, SERVICES.clock(), true)
                .explain(question, compiled)
                .result();
        String end = result.allowed()
                ? "allowed by " + result.rule()
                : "refused " + result.status() + " " + result.reason() + " by " + result.rule();
        return end + " shadow " + result.shadowRule();
    }

    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void explainsWhatTheGateDoes(@ForAll("configurations") String yaml, @ForAll("questions") Question question)
            throws QuestionException {
        Compiled compiled = compile(yaml);
        String really = really(question, compiled);
        Statistics.label("end").collect(really.replaceAll(" (by|shadow) .*", ""));
        assertThat(explained(question, compiled)).as(yaml).isEqualTo(really);
    }

    @Provide
    Arbitrary<String> configurations() {
        Arbitrary<String> when =
                Arbitraries.of(CONDITIONS).injectNull(0.5).map(one -> one == null ? "" : "when: '" + one + "'");
        Arbitrary<String> grants = Combinators.combine(
                        Arbitraries.of("reader", "clerk"),
                        Arbitraries.of(CONDITIONS),
                        Arbitraries.of("", ", authenticators: [two]"))
                .as((role, condition, by) -> "{ role: " + role + ", when: '" + condition + "'" + by + " }")
                .list()
                .ofMaxSize(2)
                .map(list -> "[" + String.join(", ", list) + "]");
        Arbitrary<String> require = requirements(2).injectNull(0.3).map(one -> one == null ? "" : "require: " + one);
        Arbitrary<String> denials = Combinators.combine(
                        Arbitraries.of("role: reader", "permission: 'orders:write'", "scope: s1", ""),
                        Arbitraries.of(CONDITIONS),
                        Arbitraries.of(true, false),
                        Arbitraries.of("enforce", "shadow"))
                .as((whom, condition, conditional, mode) -> "{ "
                        + String.join(
                                ", ",
                                parts(
                                        whom,
                                        conditional || whom.isEmpty() ? "when: '" + condition + "'" : "",
                                        "mode: " + mode))
                        + " }")
                .list()
                .ofMaxSize(3)
                .map(list -> "deny: [" + String.join(", ", list) + "]");
        Arbitrary<String> who =
                Arbitraries.of("authenticate: [one, two]", "authenticate: [two]", "optional: [one, two]");
        Arbitrary<String> mode = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just("mode: enforce")), Tuple.of(1, Arbitraries.just("mode: shadow")));
        Arbitrary<String> access = Combinators.combine(who, require, when, denials, mode)
                .as((a, b, c, d, e) -> "{ " + String.join(", ", parts(a, b, c, d, e)) + " }");
        return Combinators.combine(Arbitraries.of(ROLE_MODELS), grants, access)
                .as((roles, given, rule) -> BEGIN + "roles: " + roles + "\ngrants: " + given
                        + "\nroutes: { order: { match: { path: '/orders/{id}' }, upstream: orders, access: " + rule
                        + " } }\n");
    }

    private static List<String> parts(String... parts) {
        return List.of(parts).stream().filter(one -> !one.isEmpty()).toList();
    }

    private static Arbitrary<String> requirements(int depth) {
        Arbitrary<String> leaves = Arbitraries.of(
                "'orders:read'",
                "'orders:write'",
                "'reports:list'",
                "{ role: clerk }",
                "{ role: reader }",
                "{ scope: s1 }",
                "{ scopes: [s1, s2] }",
                "{ strength: { acr: [gold], max-age: 5m } }");
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<String> several = Combinators.combine(
                        Arbitraries.of("any-of", "all-of"),
                        requirements(depth - 1).list().ofMinSize(1).ofMaxSize(3))
                .as((kind, parts) -> "{ " + kind + ": [" + String.join(", ", parts) + "] }");
        return Arbitraries.oneOf(leaves, several);
    }

    @Provide
    Arbitrary<Question> questions() {
        Arbitrary<List<String>> claims = Combinators.combine(
                        Arbitraries.of("", "level=1", "level=3", "level=high"),
                        Arbitraries.of("", "groups=[\"a\",\"b\"]", "groups=[]"),
                        Arbitraries.of("", "acr=gold", "acr=lead"),
                        Arbitraries.of("", "auth_time=" + (SERVICES.clock().millis() / 1000 - 60), "auth_time=1"),
                        Arbitraries.of("", "deep.down=true", "deep=7"))
                .as(ExplainPropertiesTest::parts);
        Arbitrary<Caller> callers = Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(8, Arbitraries.of("alice", "bob")),
                                Tuple.of(1, Arbitraries.of("mallory", "trent"))),
                        Arbitraries.of("one", "two"),
                        Arbitraries.of(ROLES).set().ofMaxSize(3),
                        Arbitraries.of("acme", "1").injectNull(0.3),
                        Arbitraries.of("s1", "s1 s2", "s12").injectNull(0.3),
                        claims)
                .as((id, by, roles, tenant, scope, said) ->
                        new Caller(id, by, new ArrayList<>(roles), tenant, scope, said));
        Arbitrary<String> urls = Arbitraries.of("/orders/1", "/orders/acme", "/orders/1?x=1", "/orders/2?x=1&x=2");
        return Combinators.combine(
                        Arbitraries.of("GET", "POST", "HEAD"),
                        urls,
                        Arbitraries.of("192.0.2.1", "192.0.2.2"),
                        callers,
                        Arbitraries.of(true, false, false, false))
                .as((method, url, client, caller, anonymous) -> anonymous
                        ? new Question(
                                method, url, List.of(), client, null, null, null, List.of(), null, null, List.of(),
                                true, null)
                        : new Question(
                                method,
                                url,
                                List.of(),
                                client,
                                null,
                                caller.id,
                                caller.authenticator,
                                caller.roles,
                                caller.tenant,
                                caller.scope,
                                caller.claims,
                                false,
                                null));
    }

    /// Who calls.
    private record Caller(
            String id,
            String authenticator,
            List<String> roles,
            @Nullable String tenant,
            @Nullable String scope,
            List<String> claims) {}
}
