package dev.sallyport.app.explain;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.admit.AdmissionGate;
import dev.sallyport.dataplane.admit.Passage;
import dev.sallyport.dataplane.behaviour.Screening;
import dev.sallyport.dataplane.behaviour.Slowing;
import dev.sallyport.dataplane.flow.Rehearsal;
import dev.sallyport.dataplane.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An exchange on its way through the policies of its route and the gate, in the order of a real one, as far as the
/// upstream. Policies that do more than look are passed over. Confined to the exchange's loop until it is done.
final class Walk {
    private static final Pattern WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private final Exchange exchange;
    private final AdmissionGate gate;
    private final AccessRule rule;
    private final List<Policy> policies;
    private final @Nullable Policy screen;
    private final List<Explained.PolicyStep> steps = new ArrayList<>();
    private final CompletableFuture<Walk> done = new CompletableFuture<>();
    private Explained.@Nullable PolicyStep screenStep;
    private int next;
    private boolean admitted;
    private @Nullable Refusal refusal;
    private int answered;
    private boolean challenged;

    /// @param screen what is asked before a route is looked for, null for nothing
    Walk(Exchange exchange, AdmissionGate gate, AccessRule rule, List<Policy> policies, @Nullable Policy screen) {
        this.screen = screen;
        this.exchange = exchange;
        this.gate = gate;
        this.rule = rule;
        this.policies = policies;
    }

    /// Sets off, on the loop; the walk is over when the future is done.
    CompletableFuture<Walk> start() {
        exchange.execute(() -> {
            screened();
            advance();
        });
        return done;
    }

    private void screened() {
        if (screen instanceof Screening screening) {
            screenStep = new Explained.PolicyStep("behaviour", Phase.SCREEN, screening.foretold(exchange));
            Refusal foreseen = screening.foreseen(exchange);
            if (foreseen != null) {
                refuse(foreseen);
            }
        }
    }

    private void advance() {
        try {
            while (!done.isDone() && goesOn()) {
                // step by step
            }
        } catch (RuntimeException | StackOverflowError bug) {
            refuse(Rehearsal.INTERNAL);
        }
    }

    private boolean goesOn() {
        boolean screened = next == policies.size() || policies.get(next).phase() != Phase.SCREEN;
        if (screened && !admitted) {
            return onPassage(gate.admit(exchange, rule));
        }
        if (next == policies.size()) {
            done.complete(this);
            return false;
        }
        Policy policy = policies.get(next++);
        if (policy instanceof Slowing slowing) {
            step(policy, slowing.foretold(exchange));
            return true;
        }
        if (policy instanceof Limits limits) {
            step(policy, limits.foretold(exchange));
            return true;
        }
        if (!policy.foreseeable()) {
            step(policy, "acts on real requests only");
            return true;
        }
        return onDecision(policy, policy.decide(exchange));
    }

    private boolean onPassage(@Nullable Passage passage) {
        switch (passage) {
            case null -> refuse(Rehearsal.UNDECIDED);
            case Passage.Refused refused -> refuse(refused.refusal());
            case Passage.Answered response -> {
                challenged = true;
                answer(response.response().status());
            }
            case Passage.Await later ->
                later.passage()
                        .whenComplete(
                                (found, failure) -> exchange.execute(() -> resume(failure == null ? found : null)));
            case Passage.Granted granted -> {
                admitted = true;
                exchange.admitted(
                        granted.admission().rule(), granted.admission().principal());
                return true;
            }
        }
        return false;
    }

    private void resume(@Nullable Passage passage) {
        if (!done.isDone() && onPassage(passage)) {
            advance();
        }
    }

    private boolean onDecision(Policy policy, @Nullable Decision decision) {
        switch (decision) {
            case Decision.Proceed() -> {
                step(policy, "goes on");
                return true;
            }
            case Decision.Refuse refuse -> {
                step(policy, "refuses: " + refuse.refusal().code());
                refuse(refuse.refusal());
            }
            case Decision.Answer response -> {
                step(policy, "answers " + response.response().status());
                answer(response.response().status());
            }
            case null -> refuse(Rehearsal.UNDECIDED);
            case Decision.Await _, Decision.ReadBody _ -> refuse(Rehearsal.UNDECIDED);
        }
        return false;
    }

    private void step(Policy policy, String said) {
        steps.add(new Explained.PolicyStep(name(policy), policy.phase(), said));
    }

    /// As the configuration calls it: the name of its class in words.
    private static String name(Policy policy) {
        Class<?> type = policy.getClass();
        while (type.getEnclosingClass() != null) {
            type = type.getEnclosingClass();
        }
        String name = type.getSimpleName();
        int lambda = name.indexOf("$$");
        return WORD.matcher(lambda < 0 ? name : name.substring(0, lambda))
                .replaceAll("-")
                .toLowerCase(Locale.ROOT);
    }

    private void refuse(Refusal why) {
        refusal = why;
        done.complete(this);
    }

    private void answer(int status) {
        answered = status;
        done.complete(this);
    }

    /// What each policy says; those that were not reached are among them.
    List<Explained.PolicyStep> steps() {
        List<Explained.PolicyStep> all = new ArrayList<>();
        if (screenStep != null) {
            all.add(screenStep);
        }
        all.addAll(steps);
        for (int i = steps.size(); i < policies.size(); i++) {
            all.add(new Explained.PolicyStep(
                    name(policies.get(i)), policies.get(i).phase(), "not reached"));
        }
        return all;
    }

    /// Why it ended before the upstream, or null.
    @Nullable
    Refusal refusal() {
        return refusal;
    }

    /// The status it was answered with, 0 for not at all.
    int answered() {
        return answered;
    }

    /// The policy that answers it, the last one where that is not foretold; empty for none.
    String answerer() {
        if (answered != 0) {
            return steps.isEmpty() ? "" : steps.getLast().name();
        }
        return policies.isEmpty() ? "" : name(policies.getLast());
    }

    /// Whether the gate answered in its place: sent to log in.
    boolean challenged() {
        return challenged;
    }

    /// Whether it passes: to its upstream, or to a policy that answers it.
    boolean passes() {
        return refusal == null && !challenged;
    }
}
