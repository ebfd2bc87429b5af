package dev.sallyport.testing;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.expression.Condition;
import dev.sallyport.api.expression.EvaluationException;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.expression.Expressions;
import dev.sallyport.api.expression.Value;
import dev.sallyport.api.identity.Principal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A language of one comparison, `A == B` or `A != B`, of quoted texts, `path.NAME`, `principal.id`,
/// `principal.tenant`, `principal.claims.NAME` and `header.NAME`; besides `true`, `false`, `error` (has no value) and
/// `bug` (throws).
public final class FakeExpressions implements Expressions {
    @Override
    public Condition condition(String text) throws ExpressionException {
        if (Set.of("true", "false", "error", "bug").contains(text)) {
            return new Comparison(text, text, true, "true");
        }
        boolean equal = text.contains(" == ");
        int operator = text.indexOf(equal ? " == " : " != ");
        if (operator < 0) {
            throw new ExpressionException(List.of(new ExpressionException.Problem(0, "no comparison", "use ==")));
        }
        checkOperand(text, 0, operator);
        checkOperand(text, operator + 4, text.length());
        return new Comparison(text, text.substring(0, operator), equal, text.substring(operator + 4));
    }

    private static void checkOperand(String text, int start, int end) throws ExpressionException {
        String operand = text.substring(start, end);
        if (!operand.matches("\"[^\"]*\"|(path|header|principal\\.claims)\\.[\\w-]+|principal\\.(id|tenant)")) {
            throw new ExpressionException(
                    List.of(new ExpressionException.Problem(start, "unknown: " + operand, "use principal.id")));
        }
    }

    private record Comparison(String text, String left, boolean equal, String right) implements Condition {
        @Override
        public boolean holds(Exchange exchange) throws EvaluationException {
            return value(left, exchange).equals(value(right, exchange)) == equal;
        }

        @Override
        public List<Part> parts(Exchange exchange) {
            return List.of(part(left, exchange), part(right, exchange));
        }

        private static Part part(String operand, Exchange exchange) {
            try {
                return new Part(operand, value(operand, exchange));
            } catch (EvaluationException e) {
                return new Part(operand, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public Set<String> pathParameters() {
            Set<String> names = new LinkedHashSet<>();
            for (String operand : List.of(left, right)) {
                if (operand.startsWith("path.")) {
                    names.add(operand.substring("path.".length()));
                }
            }
            return names;
        }

        private static String value(String operand, Exchange exchange) throws EvaluationException {
            if (operand.startsWith("\"")) {
                return operand.substring(1, operand.length() - 1);
            }
            @Nullable Principal caller = exchange.principal();
            String name = operand.substring(operand.lastIndexOf('.') + 1);
            String value = switch (operand.substring(0, operand.length() - name.length())) {
                case "path." -> exchange.pathParameter(name);
                case "header." -> exchange.request().headers().first(name);
                case "principal.claims." ->
                    caller == null ? null : caller.claims().text(name);
                case "principal." -> caller == null ? null : name.equals("id") ? caller.id() : caller.tenant();
                default -> word(operand);
            };
            if (value == null) {
                throw new EvaluationException(operand + " has no value");
            }
            return value;
        }

        private static @Nullable String word(String operand) {
            if (operand.equals("bug")) {
                throw new IllegalStateException("a bug in a condition");
            }
            return operand.equals("error") ? null : operand;
        }
    }

    @Override
    public Value text(String text) throws ExpressionException {
        throw new ExpressionException(List.of(new ExpressionException.Problem(0, "no text", "")));
    }

    @Override
    public Value number(String text) throws ExpressionException {
        throw new ExpressionException(List.of(new ExpressionException.Problem(0, "no number", "")));
    }
}
