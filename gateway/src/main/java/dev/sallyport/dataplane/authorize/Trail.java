package dev.sallyport.dataplane.authorize;

import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import java.util.ArrayList;
import java.util.List;

/// What is noted down while a policy is judged for somebody who asks why.
final class Trail {
    private final List<List<Finding>> open = new ArrayList<>();

    Trail() {
        open.add(new ArrayList<>());
    }

    /// What follows is part of something.
    void begin() {
        open.add(new ArrayList<>());
    }

    /// Ends what [#begin] began.
    void end(String rule, Answer answer, String because) {
        List<Finding> parts = open.removeLast();
        open.getLast().add(new Finding(rule, answer, because, parts));
    }

    void add(String rule, Answer answer, String because) {
        open.getLast().add(new Finding(rule, answer, because, List.of()));
    }

    /// The parts of a condition that was just asked.
    void values(Condition condition, Exchange exchange) {
        for (Condition.Part part : condition.parts(exchange)) {
            add(part.text(), Answer.VALUE, part.value());
        }
    }

    List<Finding> findings() {
        return open.getFirst();
    }
}
