package dev.sallyport.app.explain;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.flow.Rehearsal;
import dev.sallyport.dataplane.snapshot.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Explains what would become of requests: each is taken through the parser, the route table, the gate and the
/// policies of a compiled configuration, which are only listened to. Any thread that may block.
public final class Explainer {
    private static final int LOOP = 0;
    private static final long PATIENCE_SECONDS = 10;

    private final AdmissionGate gate;
    private final Executor loop;
    private final InstantSource clock;
    private final boolean asksServers;

    /// @param gate        that decides
    /// @param loop        runs tasks on event loop 0, or on a thread in its place
    /// @param clock       what conditions on the time go by
    /// @param asksServers whether policy servers are asked; else an explanation depends on them, and says so
    public Explainer(AdmissionGate gate, Executor loop, InstantSource clock, boolean asksServers) {
        this.gate = gate;
        this.loop = loop;
        this.clock = clock;
        this.asksServers = asksServers;
    }

    /// Explains what `compiled` makes of it.
    ///
    /// @throws QuestionException there is something wrong with the question
    public Explained explain(Question question, Compiled compiled) throws QuestionException {
        question.check();
        Address address = Address.parse(question.url());
        Arrival unarmed = Arrival.of(question, address, compiled.listeners(), null);
        String credential = credential(question, compiled, unarmed);
        Arrival arrival =
                credential == null ? unarmed : Arrival.of(question, address, compiled.listeners(), credential);
        Report report = new Report(compiled, arrival, question);
        CanonicalRequest request = arrival.request();
        if (request == null) {
            return report.misunderstood(address);
        }
        Exchange exchange = Rehearsal.exchange(request, arrival.connection(), loop, LOOP, clock.millis());
        return switch (Rehearsal.route(exchange, compiled.snapshot())) {
            case Rehearsal.Refused(Refusal refusal) -> report.unrouted(exchange, refusal);
            case Rehearsal.Answered answered ->
                report.aboutTheGateway(exchange, answered.response().status());
            case Rehearsal.Taken(Route route) -> {
                Listened listened = listened(question, compiled, exchange, route);
                Walk walk = finished(new Walk(
                        exchange,
                        gate,
                        listened.rule(),
                        route.policies(),
                        compiled.snapshot().screen()));
                yield report.walked(exchange, route, listened, walk);
            }
        };
    }

    /// The field that shows the token of the question, as the authenticator it is for wants it; null for no token.
    private static @Nullable String credential(Question question, Compiled compiled, Arrival arrival)
            throws QuestionException {
        String token = question.token();
        if (token == null) {
            return null;
        }
        String field = "authorization";
        String name = question.authenticator();
        if (name != null) {
            BuiltPlugin<Authenticator> built = named(name, compiled);
            field = field(built.plugin());
        } else if (arrival.request() != null) {
            field = compiled.snapshot().routes().candidates(arrival.request()).stream()
                    .filter(candidate -> candidate.fits())
                    .limit(1)
                    .flatMap(candidate -> candidate.route().access() instanceof AccessRule.Guarded guarded
                            ? guarded.authenticators().stream()
                            : List.<Authenticator>of().stream())
                    .limit(1)
                    .map(Explainer::field)
                    .findFirst()
                    .orElse(field);
        }
        boolean scheme = !field.equals("authorization") || token.indexOf(' ') >= 0;
        return field + ": " + (scheme ? "" : "Bearer ") + token;
    }

    private static String field(Authenticator authenticator) {
        return authenticator.credentialFields().contains("authorization")
                ? "authorization"
                : authenticator.credentialFields().stream().sorted().findFirst().orElse("authorization");
    }

    private static BuiltPlugin<Authenticator> named(String name, Compiled compiled) throws QuestionException {
        List<BuiltPlugin<Authenticator>> all = compiled.parts().authenticators();
        for (BuiltPlugin<Authenticator> one : all) {
            if (one.name().equals(name)) {
                return one;
            }
        }
        throw new QuestionException("no authenticator is called " + name + " ("
                + (all.isEmpty()
                        ? "the configuration has none"
                        : Nearest.hint(name, all.stream().map(BuiltPlugin::name).toList()))
                + ")");
    }

    /// The rule of `route` with ears.
    private Listened listened(Question question, Compiled compiled, Exchange exchange, Route route)
            throws QuestionException {
        if (question.authenticator() != null) {
            named(question.authenticator(), compiled);
        }
        if (!(route.access() instanceof AccessRule.Guarded guarded)) {
            return Listened.open(route.access());
        }
        List<BuiltPlugin<Authenticator>> tried = guarded.authenticators().stream()
                .map(one -> built(one, compiled))
                .toList();
        if (!question.assumesCaller() && !question.anonymous()) {
            for (BuiltPlugin<Authenticator> one : tried) {
                if (one.plugin().usesUp() && shown(one.plugin(), exchange)) {
                    throw new QuestionException(one.name()
                            + " takes each credential once, and would use this one up only to explain it (expected: an"
                            + " assumed caller)");
                }
            }
        }
        return Listened.of(
                guarded,
                tried,
                question,
                asksServers ? List.of() : compiled.parts().authorizers());
    }

    private static boolean shown(Authenticator authenticator, Exchange exchange) {
        return authenticator.credentialFields().stream()
                .anyMatch(field -> exchange.request().headers().indexOf(field.toLowerCase(Locale.ROOT), 0) >= 0);
    }

    private static BuiltPlugin<Authenticator> built(Authenticator authenticator, Compiled compiled) {
        for (BuiltPlugin<Authenticator> one : compiled.parts().authenticators()) {
            if (one.plugin().equals(authenticator)) {
                return one;
            }
        }
        throw new IllegalStateException("an authenticator that nobody configured");
    }

    private static Walk finished(Walk walk) throws QuestionException {
        CompletableFuture<Walk> done = walk.start();
        try {
            return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new QuestionException("no decision within " + PATIENCE_SECONDS
                    + " seconds: a real request would be refused with 503 policy-undecided");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QuestionException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// The names of those that are not asked, by what they are.
    static @Nullable String unasked(Object authorizer, List<BuiltPlugin<Authorizer>> servers) {
        for (BuiltPlugin<Authorizer> one : servers) {
            if (one.plugin().equals(authorizer)) {
                return one.name();
            }
        }
        return null;
    }
}
