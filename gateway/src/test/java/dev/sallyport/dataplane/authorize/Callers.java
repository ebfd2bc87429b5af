package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.testing.FakeExpressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Callers, roles and rules for tests of authorization, in short.
final class Callers {
    private static final FakeExpressions EXPRESSIONS = new FakeExpressions();

    private Callers() {}

    static Principal caller(String... roles) {
        return caller(Map.of(), roles);
    }

    static Principal caller(Map<String, ?> claims, String... roles) {
        return new Principal("alice", "staff", "acme", Set.of(roles), Claims.of(claims), Credential.of("jwt"));
    }

    /// `GET /orders/ORDER` of `caller` at `/orders/{id}`.
    static Exchange exchange(@Nullable Principal caller, String order) {
        Exchange exchange = Exchanges.request().path("/orders/" + order).exchange();
        exchange.routed("orders", "/orders/{id}", new String[] {"id", order});
        if (caller != null) {
            exchange.authenticated(caller);
        }
        return exchange;
    }

    static Exchange exchange(@Nullable Principal caller) {
        return exchange(caller, "7");
    }

    /// Roles, each as `name < inherited, inherited: permission, permission`.
    static RoleModel roles(String... lines) {
        Map<String, RoleModel.Role> roles = new LinkedHashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(": ");
            String head = colon < 0 ? line : line.substring(0, colon);
            String[] names = head.split(" < ", -1);
            roles.put(
                    names[0],
                    new RoleModel.Role(
                            names.length < 2 ? List.of() : List.of(names[1].split(", ", -1)),
                            colon < 0
                                    ? List.of()
                                    : List.of(line.substring(colon + 2).split(", ", -1)).stream()
                                            .map(Permission::parse)
                                            .toList()));
        }
        return new RoleModel(roles);
    }

    static Requirement permission(RoleModel roles, String text, Grant... grants) {
        Permission wanted = Permission.parse(text);
        return new Requirement.HasPermission(wanted, Holders.of(roles.granting(wanted), List.of(grants)));
    }

    static Requirement role(RoleModel roles, String name, Grant... grants) {
        return new Requirement.HasRole(name, Holders.of(roles.having(name), List.of(grants)));
    }

    static Condition condition(String text) {
        try {
            return EXPRESSIONS.condition(text);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// What `policy` says, the same when asked and when explained: `allow RULE`, `deny RULE CODE`, `prove RULE CODE`.
    static String judge(AccessPolicy policy, Exchange exchange) {
        Verdict judged = policy.judge(exchange);
        Explanation explained = policy.explain(exchange);
        if (!judged.equals(explained.verdict())) {
            throw new AssertionError(judged + ", but explained: " + explained);
        }
        return switch (judged) {
            case Verdict.Allow allow -> "allow " + allow.rule();
            case Verdict.Deny deny ->
                "deny " + deny.rule() + " " + deny.reason().code();
            case Verdict.Prove prove ->
                "prove " + prove.rule() + " " + prove.reason().code();
            case Verdict.Undecided _, Verdict.Await _ -> "await";
        };
    }
}
