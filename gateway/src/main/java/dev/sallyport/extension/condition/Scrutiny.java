package dev.sallyport.extension.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.sallyport.api.expression.ExpressionException.Problem;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.condition.value.Functions;
import dev.sallyport.extension.condition.value.HeaderValues;
import dev.sallyport.extension.condition.value.Variables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks in a checked tree for what can never work, and for what would cost too much.
@OffLoop("control threads, when a configuration is compiled")
final class Scrutiny {
    /// Loops within loops.
    private static final int DEEPEST = 2;

    private static final Set<String> OF_A_ZONE = Set.of(
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getFullYear",
            "getHours",
            "getMilliseconds",
            "getMinutes",
            "getMonth",
            "getSeconds");
    private static final Set<String> CALLER = Set.of("principal", "authenticated");
    private static final Set<String> OF_A_CONSTANT = Set.of("timestamp", "duration", "int", "uint", "double", "bool");

    private final CelAbstractSyntaxTree tree;
    private final String text;
    private final Language language;
    private final List<Problem> problems = new ArrayList<>();
    private final Set<String> needed = new HashSet<>();
    private final Set<String> askedFor = new HashSet<>();
    private boolean asksCaller;

    private Scrutiny(CelAbstractSyntaxTree tree, Language language) {
        this.tree = tree;
        this.text = tree.getSource().getContent().toString();
        this.language = language;
    }

    static Scrutiny of(CelAbstractSyntaxTree tree, Language language) {
        Scrutiny scrutiny = new Scrutiny(tree, language);
        scrutiny.visit(tree.getExpr(), 0);
        return scrutiny;
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /// Path parameters without which there is no value; not those whose presence is asked for.
    Set<String> pathParameters() {
        Set<String> names = new HashSet<>(needed);
        names.removeAll(askedFor);
        return Set.copyOf(names);
    }

    /// Whether it asks about the caller.
    boolean asksCaller() {
        return asksCaller;
    }

    private void visit(CelExpr node, int loops) {
        switch (node.getKind()) {
            case STRUCT -> problem(node, "`{…}` makes a message", "expected: an expression without messages");
            case SELECT ->
                named(
                        node,
                        node.select().operand(),
                        node.select().field(),
                        node.select().testOnly());
            case CALL -> call(node, node.call());
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = node.comprehension();
                hidden(node, loop.iterVar());
                if (loops == DEEPEST) {
                    problem(node, "loops within loops within loops", "expected: at most " + DEEPEST + " levels");
                }
                visit(loop.iterRange(), loops);
                visit(loop.loopStep(), loops + 1);
                return;
            }
            case IDENT -> asksCaller |= CALLER.contains(node.ident().name());
            case CONSTANT, LIST, MAP, NOT_SET -> {}
        }
        for (CelExpr child : Nodes.children(node)) {
            visit(child, loops);
        }
    }

    private void hidden(CelExpr node, String name) {
        if (Variables.TYPES.containsKey(name)) {
            problem(node, name + " is the name of a variable", "expected: another name for the items");
        }
    }

    private void call(CelExpr node, CelCall call) {
        switch (call.function()) {
            case "_[_]" -> {
                String name = Nodes.text(call.args().get(1));
                if (name != null) {
                    named(node, call.args().get(0), name, false);
                }
            }
            case "@in" -> {
                String name = Nodes.text(call.args().get(0));
                if (name != null) {
                    named(node, call.args().get(1), name, true);
                }
            }
            case "matches" -> pattern(call.args().getLast());
            case "inRange" -> ranges(call.args().getFirst());
            default -> constants(node, call);
        }
    }

    /// A constant name of something with names.
    private void named(CelExpr node, CelExpr of, String name, boolean presence) {
        if (Nodes.isName(of, "path")) {
            (presence ? askedFor : needed).add(name);
        } else if (Nodes.isName(of, "headers") || Nodes.isName(of, "headers_all")) {
            header(node, name);
        }
    }

    private void header(CelExpr node, String name) {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            problem(
                    node,
                    name + ": header names are in lower case here",
                    "did you mean `" + name.toLowerCase(Locale.ROOT) + "`?");
        } else if (HeaderValues.hides(name)) {
            problem(
                    node,
                    "header " + name
                            + " is not for conditions: it is a credential, or anybody can claim anything in it",
                    "expected: `principal`, `client` or another header");
        }
    }

    private void pattern(CelExpr argument) {
        String pattern = Nodes.text(argument);
        if (pattern == null) {
            problem(argument, "a regular expression that is no literal", "expected: a literal text");
            return;
        }
        try {
            Functions.pattern(pattern);
        } catch (IllegalArgumentException e) {
            problem(argument, "the regular expression " + pattern + ": " + e.getMessage(), "expected: RE2 syntax");
        }
    }

    private void ranges(CelExpr argument) {
        if (argument.getKind() == Kind.LIST) {
            argument.list().elements().forEach(this::range);
        } else {
            range(argument);
        }
    }

    private void range(CelExpr argument) {
        String range = Nodes.text(argument);
        if (range == null) {
            problem(argument, "an address range that is no literal", "expected: a literal text or a list of them");
            return;
        }
        try {
            Functions.range(range);
        } catch (IllegalArgumentException e) {
            problem(argument, "no address range", String.valueOf(e.getMessage()));
        }
    }

    private void constants(CelExpr node, CelCall call) {
        String argument = call.args().size() == 1 ? Nodes.text(call.args().getFirst()) : null;
        if (argument == null) {
            return;
        }
        String tried = null;
        if (OF_A_ZONE.contains(call.function())) {
            tried = "timestamp(0).getHours(" + literal(argument) + ")";
        } else if (OF_A_CONSTANT.contains(call.function())) {
            tried = call.function() + "(" + literal(argument) + ")";
        }
        if (tried != null && !language.hasValue(tried)) {
            problem(node, call.function() + " of " + argument + " has no value", expected(call.function()));
        }
    }

    private static @Nullable String hintOfTime(String function) {
        return switch (function) {
            case "timestamp" -> "expected: a time such as 2026-01-31T12:00:00Z";
            case "duration" -> "expected: a duration such as 90s or 1h30m";
            case "int", "uint", "double" -> "expected: a number";
            case "bool" -> "expected: true or false";
            default -> null;
        };
    }

    private static String expected(String function) {
        String hint = hintOfTime(function);
        return hint == null ? "expected: a time zone such as Europe/Berlin" : hint;
    }

    private static String literal(String text) {
        return "\""
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r") + "\"";
    }

    private void problem(CelExpr node, String message, String hint) {
        Integer point = tree.getSource().getPositionsMap().get(node.id());
        int points = point == null ? 0 : Math.min(point, text.codePointCount(0, text.length()));
        problems.add(new Problem(text.offsetByCodePoints(0, points), message, hint));
    }
}
