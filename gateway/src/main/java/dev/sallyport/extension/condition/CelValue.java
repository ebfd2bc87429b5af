package dev.sallyport.extension.condition;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.Value;
import dev.sallyport.extension.condition.value.Variables;
import java.time.InstantSource;
import java.util.Set;

/// A checked expression of type string or int.
final class CelValue implements Value {
    private final String written;
    private final Program program;
    private final Set<String> pathParameters;
    private final boolean asksCaller;
    private final InstantSource clock;

    CelValue(String written, Program program, Scrutiny found, InstantSource clock) {
        this.written = written;
        this.program = program;
        this.pathParameters = found.pathParameters();
        this.asksCaller = found.asksCaller();
        this.clock = clock;
    }

    private Object value(Exchange exchange) throws EvaluationException {
        try {
            return program.eval(new Variables(exchange, clock));
        } catch (CelEvaluationException e) {
            throw Failures.of(e);
        } catch (RuntimeException | StackOverflowError e) {
            // Claims nest as deep as their issuer likes (threat AZ-11).
            throw new EvaluationException("the expression cannot be evaluated");
        }
    }

    @Override
    public String text(Exchange exchange) throws EvaluationException {
        if (value(exchange) instanceof String text) {
            return text;
        }
        throw new EvaluationException("the expression has no value of type string");
    }

    @Override
    public long number(Exchange exchange) throws EvaluationException {
        if (value(exchange) instanceof Long number) {
            return number;
        }
        throw new EvaluationException("the expression has no value of type int");
    }

    @Override
    public String written() {
        return written;
    }

    @Override
    public boolean asksCaller() {
        return asksCaller;
    }

    @Override
    public Set<String> pathParameters() {
        return pathParameters;
    }

    @Override
    public String toString() {
        return written;
    }
}
