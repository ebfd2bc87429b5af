package dev.sallyport.controlplane.compile.access;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles conditions, and puts what is wrong with one where it stands within its text.
final class ConditionCompiler {
    private final Findings findings;
    private final Expressions expressions;

    ConditionCompiler(Findings findings, Expressions expressions) {
        this.findings = findings;
        this.expressions = expressions;
    }

    /// The condition at `path`; null when there is none, or something is wrong with it.
    @Nullable
    Condition compile(String path, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return expressions.condition(text);
        } catch (ExpressionException e) {
            for (ExpressionException.Problem problem : e.problems()) {
                findings.error(path, problem.offset(), problem.message(), problem.hint());
            }
            return null;
        }
    }

    /// The same for a condition about requests to `template`, whose parameters are all that it can be about.
    @Nullable
    Condition compile(String path, @Nullable String text, @Nullable PathTemplate template) {
        Condition condition = compile(path, text);
        if (condition == null || template == null) {
            return condition;
        }
        List<String> known = new ArrayList<>(template.names());
        if (template.open()) {
            known.add(Exchange.REST);
        }
        for (String parameter : condition.pathParameters()) {
            if (!known.contains(parameter)) {
                findings.error(
                        path,
                        "{" + parameter + "} is not in " + template.text(),
                        known.isEmpty() ? "expected: no path parameters" : Nearest.hint(parameter, known));
            }
        }
        return condition;
    }
}
