package dev.sallyport.app.explain;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.app.explain.Explained.Decision;
import dev.sallyport.app.explain.Explained.Result;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.dataplane.authorize.RoleModel;
import dev.sallyport.dataplane.flow.Rehearsal;
import dev.sallyport.dataplane.forward.Forwarder;
import dev.sallyport.dataplane.snapshot.FieldMatch;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.dataplane.snapshot.RouteCandidate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts together what was found out.
final class Report {
    private static final int MOST_OTHERS = 5;

    private final Compiled compiled;
    private final Arrival arrival;
    private final Question question;
    private final List<String> notes;

    Report(Compiled compiled, Arrival arrival, Question question) {
        this.compiled = compiled;
        this.arrival = arrival;
        this.question = question;
        this.notes = new ArrayList<>(arrival.notes());
    }

    /// The request cannot be understood.
    Explained misunderstood(Address address) {
        RequestFault fault = Objects.requireNonNull(arrival.fault());
        int mark = address.target().indexOf('?');
        Explained.Request request = new Explained.Request(
                question.method(),
                arrival.connection().scheme(),
                address.authority() == null ? "" : address.authority(),
                mark < 0 ? address.target() : address.target().substring(0, mark),
                mark < 0 ? null : address.target().substring(mark + 1),
                arrival.connection().listener(),
                arrival.connection().peer().getAddress().getHostAddress(),
                compiled.version());
        notes.add("Nothing behind the parser saw it: no route was looked for, and the connection is closed.");
        return new Explained(
                refused(Rehearsal.refusal(fault), "", ""),
                request,
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                notes);
    }

    /// No route takes it, or the route that would does not take its path.
    Explained unrouted(Exchange exchange, Refusal refusal) {
        Route route = compiled.snapshot().routes().named(exchange.route());
        List<Explained.OtherRoute> others = new ArrayList<>(others(exchange, route));
        if (others.isEmpty() && route == null) {
            compiled.snapshot().routes().atOtherHosts(exchange.request()).stream()
                    .limit(MOST_OTHERS)
                    .forEach(other -> others.add(
                            new Explained.OtherRoute(other.name(), match(other), List.of(lackingHost(other)))));
        }
        return new Explained(
                refused(refusal, "", ""),
                request(exchange),
                route == null ? null : taken(exchange, route),
                others,
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                notes);
    }

    private static String lackingHost(Route route) {
        return "the host is not " + String.join(" or ", route.match().hosts());
    }

    /// The gateway answers for itself.
    Explained aboutTheGateway(Exchange exchange, int status) {
        notes.add("It asks about the gateway itself, which answers.");
        return new Explained(
                new Result(Decision.ALLOWED, status, "", "", "", "", ""),
                request(exchange),
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                notes);
    }

    /// It took a route.
    Explained walked(Exchange exchange, Route route, Listened listened, Walk walk) {
        if (listened.shadow()) {
            notes.add("access.mode is shadow: what its rules would refuse passes, and is logged and counted.");
        }
        if (question.authenticator() != null
                && listened.tried().stream().noneMatch(one -> one.name().equals(question.authenticator()))
                && !listened.tried().isEmpty()) {
            notes.add("This route does not take callers that " + question.authenticator() + " proves.");
        }
        if (listened.tried().isEmpty() && (question.assumesCaller() || question.token() != null)) {
            notes.add("The route is public: who calls is not looked at.");
        }
        List<String> unasked = listened.unasked();
        if (walk.passes() && !unasked.isEmpty()) {
            notes.add("Policy servers decide on requests to a running gateway only: ask one, without -c. All else"
                    + " here holds if they allow it.");
        }
        return new Explained(
                result(exchange, walk, unasked),
                request(exchange),
                taken(exchange, route),
                others(exchange, route),
                caller(exchange, listened.assumed()),
                listened.tried(),
                listened.findings(),
                walk.steps(),
                walk.passes() ? target(exchange, route, walk) : null,
                notes);
    }

    private static Result result(Exchange exchange, Walk walk, List<String> unasked) {
        Refusal refusal = walk.refusal();
        if (refusal != null) {
            return refused(refusal, exchange.deniedBy(), exchange.shadowDeniedBy());
        }
        if (!walk.challenged() && !unasked.isEmpty()) {
            String names = String.join(", ", unasked);
            return new Result(
                    Decision.DEPENDS,
                    0,
                    "authorizer-unasked",
                    "",
                    "It depends on " + names + ", not asked.",
                    "ask " + names,
                    exchange.shadowDeniedBy());
        }
        return new Result(
                walk.challenged() ? Decision.CHALLENGED : Decision.ALLOWED,
                walk.answered(),
                "",
                "",
                "",
                walk.challenged() ? exchange.deniedBy() : exchange.admittedBy(),
                exchange.shadowDeniedBy());
    }

    private static Result refused(Refusal refusal, String rule, String shadowRule) {
        return new Result(
                Decision.REFUSED, refusal.status(), refusal.code(), refusal.told(), refusal.detail(), rule, shadowRule);
    }

    private Explained.Request request(Exchange exchange) {
        CanonicalRequest request = exchange.request();
        return new Explained.Request(
                request.method().name(),
                request.scheme(),
                request.authority().toString(),
                request.path(),
                request.query(),
                exchange.connection().listener(),
                exchange.clientAddress().getHostAddress(),
                compiled.version());
    }

    private Explained.TakenRoute taken(Exchange exchange, Route route) {
        RouteConfig config = compiled.config().routes().get(route.name());
        String access;
        if (config == null) {
            access = "public, made by the gateway itself";
        } else if (config.access() instanceof RouteConfig.Guarded guarded) {
            access =
                    (guarded.optional().isEmpty() ? "authenticate " : "optional ") + String.join(", ", guarded.names());
        } else {
            access = "public";
        }
        return new Explained.TakenRoute(route.name(), match(route), access, List.of(exchange.pathParameters()));
    }

    /// In the words of the list of routes, with its conditions.
    private static String match(Route route) {
        String methods = route.match().methods().isEmpty()
                ? "*"
                : route.match().methods().stream().map(Method::name).sorted().collect(Collectors.joining(","));
        StringBuilder text = new StringBuilder(methods)
                .append(' ')
                .append(String.join(",", route.match().hosts()))
                .append(route.match().path().text());
        route.match().headers().forEach(one -> text.append(", header ").append(condition(one)));
        route.match().query().forEach(one -> text.append(", query ").append(condition(one)));
        return text.toString();
    }

    private static String condition(FieldMatch match) {
        return match.value() == null ? match.name() : match.name() + "=" + match.value();
    }

    private List<Explained.OtherRoute> others(Exchange exchange, @Nullable Route taken) {
        List<Explained.OtherRoute> others = new ArrayList<>();
        for (RouteCandidate candidate : compiled.snapshot().routes().candidates(exchange.request())) {
            if (!candidate.route().equals(taken) && others.size() < MOST_OTHERS) {
                others.add(new Explained.OtherRoute(
                        candidate.route().name(), match(candidate.route()), lacking(candidate, exchange)));
            }
        }
        return others;
    }

    private static List<String> lacking(RouteCandidate candidate, Exchange exchange) {
        List<String> lacking = new ArrayList<>();
        if (!candidate.servesMethod()) {
            lacking.add("not for " + exchange.request().method());
        }
        candidate.headers().forEach(one -> lacking.add("no header " + condition(one)));
        candidate.query().forEach(one -> lacking.add("no query parameter " + condition(one)));
        return lacking;
    }

    private Explained.@Nullable Caller caller(Exchange exchange, boolean assumed) {
        Principal caller = exchange.principal();
        if (caller == null) {
            return null;
        }
        RoleModel model = compiled.parts().roles().model();
        TreeSet<String> inherited = new TreeSet<>();
        caller.roles().forEach(role -> inherited.addAll(model.included(role)));
        inherited.removeAll(caller.roles());
        caller.roles().stream()
                .filter(role -> !model.knows(role) && !model.roles().isEmpty())
                .sorted()
                .forEach(role -> notes.add("Role " + role + " is not configured: it grants no permission."));
        return new Explained.Caller(
                caller.id(),
                caller.authenticator(),
                caller.tenant(),
                caller.roles().stream().sorted().toList(),
                List.copyOf(inherited),
                assumed);
    }

    private static Explained.Target target(Exchange exchange, Route route, Walk walk) {
        Forwarder forwarder = route.forwarder();
        if (forwarder == null || walk.answered() != 0) {
            String by = walk.answerer();
            return new Explained.Target("", by, "");
        }
        String path = exchange.upstreamPath();
        if (path == null) {
            String query = exchange.forwardedQuery();
            path = exchange.request().path() + (query == null ? "" : "?" + query);
        }
        String host = exchange.upstreamHost();
        return new Explained.Target(
                forwarder.upstream().name(),
                path,
                host == null ? exchange.request().authority().toString() : host);
    }
}
