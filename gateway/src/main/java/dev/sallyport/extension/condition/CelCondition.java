package dev.sallyport.extension.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.extension.condition.value.Variables;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// A checked expression of type bool.
final class CelCondition implements Condition {
    private final String text;
    private final CelAbstractSyntaxTree tree;
    private final Language language;
    private final Program program;
    private final Set<String> pathParameters;
    private final InstantSource clock;

    CelCondition(
            String text,
            CelAbstractSyntaxTree tree,
            Language language,
            Set<String> pathParameters,
            InstantSource clock) {
        this.text = text;
        this.tree = tree;
        this.language = language;
        this.program = language.program(tree);
        this.pathParameters = pathParameters;
        this.clock = clock;
    }

    @Override
    public boolean holds(Exchange exchange) throws EvaluationException {
        Object value;
        try {
            value = program.eval(new Variables(exchange, clock));
        } catch (CelEvaluationException e) {
            throw Failures.of(e);
        } catch (RuntimeException | StackOverflowError e) {
            // Claims nest as deep as their issuer likes (threat AZ-11).
            throw new EvaluationException("the expression cannot be evaluated");
        }
        if (value instanceof Boolean holds) {
            return holds;
        }
        throw new EvaluationException("the expression has no value of type bool");
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Set<String> pathParameters() {
        return pathParameters;
    }

    @Override
    public List<Part> parts(Exchange exchange) {
        return new Explanation(tree, language, new Variables(exchange, clock)).parts();
    }

    @Override
    public String toString() {
        return text;
    }
}
