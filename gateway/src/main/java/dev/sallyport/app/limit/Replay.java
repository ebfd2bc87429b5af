package dev.sallyport.app.limit;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.limit.Counters;
import dev.sallyport.app.ConfigCheck;
import dev.sallyport.app.explain.Arrival;
import dev.sallyport.app.explain.Question;
import dev.sallyport.app.explain.QuestionException;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.PluginUse;
import dev.sallyport.dataplane.flow.Rehearsal;
import dev.sallyport.dataplane.limit.KeyPart;
import dev.sallyport.dataplane.limit.Limit;
import dev.sallyport.dataplane.limit.Limits;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.telemetry.LogField;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Takes the requests of an access log through the limits of a configuration, by the code that limits real ones, on
/// the log's own time. What was refused by limits then goes through like any other; what was refused for other reasons
/// counts
/// as far as it came.
public final class Replay {
    /// Lines are in the order in which requests ended; so many are held back to have them in the order they
    /// began.
    private static final int HELD_BACK = 100_000;

    private static final String LIMITED = "limit-exceeded";

    private final Compiled compiled;
    private final Counters counters;
    private final ReplayedTime time;
    private final Map<String, PluginUse> authenticators;
    private final ReplayCounts counts = new ReplayCounts();
    private final Map<Route, List<Limits>> policies = new HashMap<>();
    private final Map<Limit, String> untold = new HashMap<>();
    private final PriorityQueue<ReplayedLine> held = new PriorityQueue<>(Comparator.comparing(ReplayedLine::at));
    private final PriorityQueue<Flight> flights = new PriorityQueue<>(Comparator.comparing(Flight::until));

    /// A request that goes on.
    private record Flight(Instant until, Exchange exchange) {}

    /// The configuration to try cannot be used.
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        private final transient List<ConfigProblem> problems;

        Unusable(List<ConfigProblem> problems) {
            super(problems.toString());
            this.problems = List.copyOf(problems);
        }

        public List<ConfigProblem> problems() {
            return problems;
        }
    }

    private Replay(Compiled compiled, Counters counters, ReplayedTime time) {
        this.compiled = compiled;
        this.counters = counters;
        this.time = time;
        this.authenticators = compiled.config().authenticators();
    }

    /// A replay by the limits of `config`.
    ///
    /// @throws Unusable with what is wrong with it
    public static Replay of(Path config, Function<String, @Nullable String> environment) throws Unusable {
        ReplayedTime time = new ReplayedTime();
        Counters counters = new MemoryCounters(time::nanos, time::now, Runnable::run);
        return switch (ConfigCheck.compile(config, environment, counters)) {
            case Compiled compiled -> new Replay(compiled, counters, time);
            case Compilation.Invalid invalid -> throw new Unusable(invalid.problems());
        };
    }

    /// Reads a log to its end.
    public void read(BufferedReader log) throws IOException {
        String text;
        while ((text = log.readLine()) != null) {
            if (text.isBlank()) {
                continue;
            }
            ReplayedLine line = ReplayedLine.parse(text);
            if (line == null) {
                counts.unread++;
                continue;
            }
            counts.leftOut += line.number(LogField.LEFT_OUT);
            counts.sampledOut += line.number(LogField.SAMPLED_OUT);
            held.add(line);
            if (held.size() > HELD_BACK) {
                replay(held.remove());
            }
        }
    }

    /// What came of it, when every log was read.
    public Report finish() {
        while (!held.isEmpty()) {
            replay(held.remove());
        }
        return new Report(
                counts,
                compiled.parts().limits().stream().map(one -> one.limit()).toList(),
                Map.copyOf(untold));
    }

    private void replay(ReplayedLine line) {
        time.advance(line.at());
        counts.saw(line.at());
        Flight over;
        while ((over = flights.peek()) != null && over.until().compareTo(time.now()) <= 0) {
            over.exchange().over();
            flights.remove(over);
        }
        Exchange exchange = exchange(line);
        if (exchange == null) {
            counts.unread++;
            return;
        }
        if (!(Rehearsal.route(exchange, compiled.snapshot()) instanceof Rehearsal.Taken(Route route))) {
            counts.unrouted++;
            return;
        }
        judge(exchange, route, line);
        flights.add(new Flight(line.until(), exchange));
    }

    private void judge(Exchange exchange, Route route, ReplayedLine line) {
        Principal caller = caller(line);
        String reason = line.text(LogField.REASON);
        boolean refused = line.text(LogField.DECISION).equals("refused") && !reason.equals(LIMITED);
        for (Limits limits : policies.computeIfAbsent(route, this::told)) {
            if (limits.phase() == Phase.METER) {
                // what the gate refused then did not come so far
                if (refused) {
                    counts.stopped++;
                    return;
                }
                if (caller == null && reason.equals(LIMITED) && asksCaller(limits)) {
                    counts.unknownCallers++;
                    return;
                }
                if (caller != null) {
                    exchange.authenticated(caller);
                }
            }
            limits.limits().forEach(limit -> counts.asked(limit, exchange));
            Decision decision = limits.decide(exchange);
            if (decision instanceof Decision.Refuse) {
                counts.refused(limits.limits(), exchange);
                return;
            }
        }
        counts.passed(exchange);
    }

    private static boolean asksCaller(Limits limits) {
        return limits.limits().stream()
                .anyMatch(limit -> limit.key().stream().anyMatch(part -> part instanceof KeyPart.Caller));
    }

    /// The limits of `route`, in the order they are asked, without those by something that the log does not
    /// tell.
    private List<Limits> told(Route route) {
        List<Limits> all = new ArrayList<>();
        for (Policy policy : route.policies()) {
            if (policy instanceof Limits limits) {
                List<Limit> told = new ArrayList<>();
                for (Limit limit : limits.limits()) {
                    String lacking = lacking(limit);
                    if (lacking == null) {
                        told.add(limit);
                    } else {
                        untold.put(limit, lacking);
                    }
                }
                if (!told.isEmpty()) {
                    all.add(new Limits(limits.phase(), told, counters, 1));
                }
            }
        }
        return all;
    }

    /// What `limit` goes by that no access log tells; null when there is nothing.
    private static @Nullable String lacking(Limit limit) {
        Set<String> lacking = new HashSet<>();
        for (KeyPart part : limit.key()) {
            switch (part) {
                case KeyPart.Caller caller
                when caller == KeyPart.Caller.TENANT || caller == KeyPart.Caller.CLIENT ->
                    lacking.add(caller == KeyPart.Caller.TENANT ? "tenants" : "clients");
                case KeyPart.Computed _ -> lacking.add("all that an expression may ask for");
                case KeyPart.Field field when field.secret() -> lacking.add("header " + field.name());
                case KeyPart.Caller _, KeyPart.Field _, KeyPart.Source _, KeyPart.Way _, KeyPart.Everything _ -> {}
            }
        }
        return lacking.isEmpty()
                ? null
                : String.join(", ", lacking.stream().sorted().toList());
    }

    private @Nullable Exchange exchange(ReplayedLine line) {
        String port = line.text(LogField.SERVER_PORT);
        String query = line.text(LogField.QUERY);
        String listener = line.text(LogField.LISTENER);
        Question question = new Question(
                line.text(LogField.METHOD),
                line.text(LogField.SCHEME) + "://" + line.text(LogField.SERVER_ADDRESS)
                        + (port.isEmpty() ? "" : ":" + port) + line.text(LogField.PATH)
                        + (query.isEmpty() ? "" : "?" + query),
                line.headers(),
                line.text(LogField.CLIENT_ADDRESS),
                compiled.config().listeners().containsKey(listener) ? listener : null,
                null,
                null,
                List.of(),
                null,
                null,
                List.of(),
                true,
                null);
        try {
            Arrival arrival = Arrival.of(question, compiled.listeners());
            return arrival.request() == null
                    ? null
                    : Rehearsal.exchange(
                            arrival.request(),
                            arrival.connection(),
                            Runnable::run,
                            0,
                            line.at().toEpochMilli());
        } catch (QuestionException e) {
            return null;
        }
    }

    private @Nullable Principal caller(ReplayedLine line) {
        String id = line.text(LogField.PRINCIPAL);
        if (id.isEmpty() || id.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            return null;
        }
        String authenticator = line.text(LogField.AUTHENTICATOR);
        PluginUse use = authenticators.get(authenticator);
        String kind = use == null ? authenticator : use.kind();
        String credential = line.text(LogField.CREDENTIAL_ID);
        return new Principal(
                id,
                authenticator,
                null,
                Set.copyOf(line.roles()),
                Claims.NONE,
                new Credential(kind, null, credential.isEmpty() ? null : credential, null, null, 0, Credential.NEVER));
    }

    /// What came of a replay.
    ///
    /// @param untold limits that were left out, with what the log does not tell
    public record Report(ReplayCounts counts, List<Limit> limits, Map<Limit, String> untold) {
        /// For people.
        public String toText() {
            return ReplayText.of(this);
        }

        /// For programs.
        public String toJson() {
            return ReplayText.json(this).toString();
        }

        Duration span() {
            return counts.span();
        }
    }
}
