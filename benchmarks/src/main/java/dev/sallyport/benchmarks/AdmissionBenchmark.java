package dev.sallyport.benchmarks;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.controlplane.revocation.LiveRevocations;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.authorize.AccessPolicy;
import dev.sallyport.dataplane.authorize.Holders;
import dev.sallyport.dataplane.authorize.Permission;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.authorize.RoleModel;
import dev.sallyport.extension.condition.CelExpressions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to let a request in whose token was verified before: `admit` by the token alone, `admitWithRole` with
/// a
/// permission of a role besides, `admitWithRoleAndCondition` with a condition too; and each step alone. A request is
/// admitted once, so that those three contain what `exchange` costs: a new one each time.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AdmissionBenchmark {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("10.1.2.3");
    private static final ClientConnection CONNECTION =
            new ClientConnection(new InetSocketAddress(CLIENT, 54321), "public", "TLSv1.3", null);
    private static final Exchange.Origin ORIGIN =
            new Exchange.Origin(CLIENT, new TraceContext(1, 2, 3, 0, true), 1, 2, 3, 4);
    private static final String[] PARAMETERS = {"tenant", "acme", "id", "7"};

    private final LiveRevocations revocations = new LiveRevocations();
    private final AdmissionGate gate = new AdmissionGate(revocations);
    private final Condition condition = condition("path.tenant == principal.tenant");
    private final AccessPolicy authenticated = new AccessPolicy(false, null, null, List.of());
    private final AccessPolicy role = new AccessPolicy(false, permission(), null, List.of());
    private final AccessPolicy roleAndCondition = new AccessPolicy(false, permission(), condition, List.of());
    private Authenticator jwt = _ -> Authentication.NO_CREDENTIAL;
    private AccessRule tokenRule = new AccessRule.Public();
    private AccessRule roleRule = tokenRule;
    private AccessRule roleAndConditionRule = tokenRule;
    private CanonicalRequest request = request("");
    private Exchange admitted = exchange(request);

    @Setup
    public void setUp() throws IOException, GeneralSecurityException, PluginException {
        SignedTokens tokens = SignedTokens.of("ES256");
        request = request(tokens.token());
        jwt = tokens.authenticator();
        tokenRule = rule(authenticated);
        roleRule = rule(role);
        roleAndConditionRule = rule(roleAndCondition);
        admitted = exchange();
        Passage first = gate.admit(admitted, roleAndConditionRule);
        if (first instanceof Passage.Await await) {
            first = await.passage().toCompletableFuture().join();
        }
        if (!(first instanceof Passage.Granted) || !(gate.admit(exchange(), tokenRule) instanceof Passage.Granted)) {
            throw new IllegalStateException("not let in: " + first);
        }
    }

    private AccessRule rule(Authorizer authorizer) {
        return new AccessRule.Guarded(List.of(jwt), List.of(authorizer));
    }

    private static Requirement permission() {
        Permission wanted = Permission.parse("orders:read");
        RoleModel roles = new RoleModel(Map.of(
                "clerk",
                new RoleModel.Role(List.of(), List.of(Permission.parse("orders:*"))),
                "reader",
                new RoleModel.Role(List.of(), List.of(wanted))));
        return new Requirement.HasPermission(wanted, Holders.of(roles.granting(wanted), List.of()));
    }

    private static Condition condition(String text) {
        try {
            return new CelExpressions(InstantSource.system()).condition(text);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static CanonicalRequest request(String token) {
        return new CanonicalRequest(
                Method.GET,
                "https",
                new Authority("shop.example.com", -1),
                "/acme/orders/7",
                0,
                null,
                Headers.of("accept", "*/*", "user-agent", "benchmark", "authorization", "Bearer " + token),
                HttpVersion.HTTP_1_1);
    }

    @Benchmark
    public Exchange exchange() {
        return exchange(request);
    }

    private static Exchange exchange(CanonicalRequest request) {
        Exchange exchange = new Exchange(request, CONNECTION, Runnable::run, 0, ORIGIN);
        exchange.routed("orders", "/{tenant}/orders/{id}", PARAMETERS);
        return exchange;
    }

    @Benchmark
    public Passage admit() {
        return gate.admit(exchange(), tokenRule);
    }

    @Benchmark
    public Passage admitWithRole() {
        return gate.admit(exchange(), roleRule);
    }

    @Benchmark
    public Passage admitWithRoleAndCondition() {
        return gate.admit(exchange(), roleAndConditionRule);
    }

    @Benchmark
    public Authentication stepToken() {
        return jwt.authenticate(admitted);
    }

    @Benchmark
    public Revocations.Standing stepRevocations() {
        return revocations.standing(Objects.requireNonNull(admitted.principal()));
    }

    @Benchmark
    public Verdict stepRole() {
        return role.judge(admitted);
    }

    @Benchmark
    public boolean stepCondition() throws EvaluationException {
        return condition.holds(admitted);
    }
}
