package dev.sallyport.benchmarks;

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
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.condition.CelExpressions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to ask a condition, with three roles and three groups where it looks through them.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConditionBenchmark {
    /// A condition that holds.
    @State(Scope.Thread)
    public static class Holding {
        @Param({
            "path.tenant == principal.tenant",
            "path.tenant == principal.tenant && request.method in ['GET', 'HEAD']",
            "request.path.startsWith('/acme/')",
            "'clerk' in principal.roles",
            "'sales' in principal.claims.groups",
            "principal.claims.groups.exists(g, g == 'sales')",
            "principal.claims.level >= 3",
            "client.address.inRange('10.0.0.0/8')",
            "client.address.inRange(['fd00::/8', '172.16.0.0/12', '10.0.0.0/8'])",
            "headers['x-channel'] == 'web'",
            "request.path.matches('^/acme/[a-z]+/[0-9]+$')",
            "time.now - principal.credential.issued_at < duration('10m')",
        })
        public String text = "true";

        final Exchange exchange = exchange();
        Condition condition = condition("true");

        @Setup
        public void compile() throws EvaluationException {
            condition = condition(text);
            if (!condition.holds(exchange)) {
                throw new IllegalStateException(text + " does not hold");
            }
        }
    }

    @Benchmark
    public boolean holds(Holding state) throws EvaluationException {
        return state.condition.holds(state.exchange);
    }

    /// A condition that has no answer, as a caller without the claim brings it about.
    @State(Scope.Thread)
    public static class Failing {
        final Exchange exchange = exchange();
        final Condition condition = condition("principal.claims.missing == 'x'");
    }

    @Benchmark
    public boolean noAnswer(Failing state) {
        try {
            return state.condition.holds(state.exchange);
        } catch (EvaluationException e) {
            return false;
        }
    }

    private static Condition condition(String text) {
        try {
            return new CelExpressions(InstantSource.system()).condition(text);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Exchange exchange() {
        InetAddress client = InetAddress.ofLiteral("10.1.2.3");
        CanonicalRequest request = new CanonicalRequest(
                Method.GET,
                "https",
                new Authority("shop.example.com", -1),
                "/acme/orders/7",
                0,
                null,
                Headers.of("accept", "*/*", "user-agent", "benchmark", "x-channel", "web"),
                HttpVersion.HTTP_1_1);
        Exchange exchange = new Exchange(
                request,
                new ClientConnection(new InetSocketAddress(client, 54321), "public", "TLSv1.3", null),
                Runnable::run,
                0,
                new Exchange.Origin(client, new TraceContext(1, 2, 3, 0, true), 1, 2, 3, 4));
        exchange.routed("orders", "/{tenant}/orders/{id}", new String[] {"tenant", "acme", "id", "7"});
        exchange.authenticated(new Principal(
                "ada",
                "staff",
                "acme",
                Set.of("reader", "clerk", "auditor"),
                Claims.of(Map.of("groups", List.of("east", "west", "sales"), "level", 3L)),
                new Credential(
                        "jwt",
                        "https://id.example.com",
                        "t-1",
                        "shop",
                        null,
                        System.currentTimeMillis() / 1000,
                        1L << 40)));
        return exchange;
    }
}
