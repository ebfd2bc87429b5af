package dev.sallyport.extension.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.ExpressionException.Problem;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.plugin.OffLoop;
import java.time.InstantSource;
import java.util.List;

/// Compiles expressions of the Common Expression Language.
@OffLoop("control threads, when a configuration is compiled")
public final class CelExpressions implements Expressions {
    /// Characters of an expression: what is longer is policy that belongs into roles or into a policy server.
    static final int LONGEST = 4096;

    private final InstantSource clock;

    /// @param clock what `time.now` is told by
    public CelExpressions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Condition condition(String text) throws ExpressionException {
        requireLength(text);
        Language language = Language.shared();
        CelAbstractSyntaxTree tree = language.check(text);
        return new CelCondition(
                text, tree, language, scrutinized(tree, language).pathParameters(), clock);
    }

    @Override
    public Value text(String text) throws ExpressionException {
        return value(text, SimpleType.STRING, "a text");
    }

    @Override
    public Value number(String text) throws ExpressionException {
        return value(text, SimpleType.INT, "a whole number");
    }

    private Value value(String text, CelType wanted, String called) throws ExpressionException {
        requireLength(text);
        Language language = Language.shared();
        CelAbstractSyntaxTree tree = language.checkValue(text);
        CelType type = tree.getResultType();
        if (!type.equals(wanted) && !type.equals(SimpleType.DYN)) {
            throw new ExpressionException(
                    List.of(new Problem(0, "a value of type " + type.name(), "expected: " + called)));
        }
        return new CelValue(text, language.program(tree), scrutinized(tree, language), clock);
    }

    private static void requireLength(String text) throws ExpressionException {
        if (text.length() > LONGEST) {
            throw new ExpressionException(List.of(new Problem(
                    LONGEST, text.length() + " characters", "expected: an expression of at most " + LONGEST)));
        }
    }

    private static Scrutiny scrutinized(CelAbstractSyntaxTree tree, Language language) throws ExpressionException {
        Scrutiny found = Scrutiny.of(tree, language);
        if (!found.problems().isEmpty()) {
            throw new ExpressionException(found.problems());
        }
        return found;
    }
}
