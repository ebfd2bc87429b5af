package dev.sallyport.extension.condition;

import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.expression.ExpressionException.Problem;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.condition.value.Variables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts what parser and checker complain of into words for people who write configurations.
@OffLoop("control threads, when a configuration is compiled")
final class Complaints {
    private static final Pattern UNKNOWN_NAME = Pattern.compile("undeclared reference to '([^']*)'.*", Pattern.DOTALL);
    private static final Pattern UNKNOWN_FIELD = Pattern.compile("undefined field '([^']*)'");
    private static final Pattern NO_OVERLOAD = Pattern.compile(
            "found no matching overload for '([^']*)' applied to '([^']*)' \\(candidates: (.*)\\)", Pattern.DOTALL);
    private static final Pattern WRONG_TYPE = Pattern.compile("expected type '(.*)' but found '(.*)'", Pattern.DOTALL);
    private static final Pattern NOT_HERE =
            Pattern.compile("(?:mismatched|extraneous) input '(.*?)' expecting .*", Pattern.DOTALL);
    private static final Pattern NO_WAY = Pattern.compile("no viable alternative at input '(.*)'", Pattern.DOTALL);
    private static final Pattern NO_TOKEN = Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);

    private final String text;
    private final @Nullable CelExpr parsed;

    Complaints(String text, CelValidationResult parsed) {
        this.text = text;
        this.parsed = tree(parsed);
    }

    private static @Nullable CelExpr tree(CelValidationResult parsed) {
        try {
            return parsed.hasError() ? null : parsed.getAst().getExpr();
        } catch (CelValidationException e) {
            return null;
        }
    }

    List<Problem> of(Collection<CelIssue> issues) {
        List<Problem> problems = new ArrayList<>();
        for (CelIssue issue : issues) {
            problems.add(of(issue));
        }
        return problems;
    }

    private Problem of(CelIssue issue) {
        int offset = offset(issue);
        String message = issue.getMessage();
        Matcher match = UNKNOWN_NAME.matcher(message);
        if (match.matches()) {
            return unknownName(offset, match.group(1));
        }
        match = UNKNOWN_FIELD.matcher(message);
        if (match.matches()) {
            return unknownField(offset, match.group(1), issue.getExprId());
        }
        match = NO_OVERLOAD.matcher(message);
        if (match.matches()) {
            return new Problem(
                    offset,
                    "`" + Nodes.operator(match.group(1)) + "` cannot be used with " + match.group(2),
                    "expected: one of " + match.group(3).replaceAll("%[A-Z]\\d+", "T"));
        }
        match = WRONG_TYPE.matcher(message);
        if (match.matches()) {
            return new Problem(offset, "is of type " + match.group(2), "expected: " + match.group(1));
        }
        match = NOT_HERE.matcher(message);
        if (match.matches()) {
            boolean end = match.group(1).equals("<EOF>");
            return new Problem(offset, end ? "ends too early" : "`" + match.group(1) + "` cannot stand here", "");
        }
        match = NO_WAY.matcher(message);
        if (match.matches()) {
            return new Problem(offset, "`" + match.group(1) + "` cannot stand here", "");
        }
        match = NO_TOKEN.matcher(message);
        if (match.matches()) {
            String token = match.group(1).strip();
            return new Problem(
                    offset,
                    "`" + token + "` is no part of an expression",
                    token.equals("=") ? "did you mean `==`?" : "");
        }
        return new Problem(offset, message, "");
    }

    private static Problem unknownName(int offset, String name) {
        Collection<String> known = new TreeSet<>(Variables.TYPES.keySet());
        String nearest = Nearest.to(name, known);
        if (nearest == null) {
            nearest = Nearest.to(name, Nodes.FUNCTIONS);
        }
        return new Problem(
                offset,
                "unknown name " + name,
                nearest == null ? "expected: " + Nearest.oneOf(known) : "did you mean `" + nearest + "`?");
    }

    private Problem unknownField(int offset, String field, long id) {
        CelExpr select = parsed == null ? null : Nodes.find(parsed, id);
        CelType of = select == null || select.getKind() != Kind.SELECT
                ? null
                : type(select.select().operand());
        // the place is that of the dot
        return of instanceof StructType structure
                ? new Problem(
                        offset + 1,
                        "unknown field " + field,
                        Nearest.hint(field, new TreeSet<>(structure.fieldNames())))
                : new Problem(offset + 1, "unknown field " + field, "");
    }

    /// The type of a chain of fields, or null when it is none.
    private static @Nullable CelType type(CelExpr expression) {
        if (expression.getKind() == Kind.IDENT) {
            return Variables.TYPES.get(expression.ident().name());
        }
        if (expression.getKind() == Kind.SELECT
                && type(expression.select().operand()) instanceof StructType structure) {
            return structure
                    .findField(expression.select().field())
                    .map(StructType.Field::type)
                    .orElse(null);
        }
        return null;
    }

    /// Characters before the place, which the library gives in code points of a line.
    private int offset(CelIssue issue) {
        int start = 0;
        for (int line = 1; line < issue.getSourceLocation().getLine(); line++) {
            int end = text.indexOf('\n', start);
            if (end < 0) {
                break;
            }
            start = end + 1;
        }
        int column = Math.max(0, issue.getSourceLocation().getColumn());
        int points = text.codePointCount(start, text.length());
        return text.offsetByCodePoints(start, Math.min(column, points));
    }
}
