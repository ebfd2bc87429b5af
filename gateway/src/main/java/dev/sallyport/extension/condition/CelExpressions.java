package dev.sallyport.extension.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.ExpressionException.Problem;
import dev.sallyport.api.expression.Expressions;
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
        if (text.length() > LONGEST) {
            throw new ExpressionException(List.of(new Problem(
                    LONGEST, text.length() + " characters", "expected: an expression of at most " + LONGEST)));
        }
        Language language = Language.shared();
        CelAbstractSyntaxTree tree = language.check(text);
        Scrutiny found = Scrutiny.of(tree, language);
        if (!found.problems().isEmpty()) {
            throw new ExpressionException(found.problems());
        }
        return new CelCondition(text, tree, language, found.pathParameters(), clock);
    }
}
