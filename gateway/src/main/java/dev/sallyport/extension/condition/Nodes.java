package dev.sallyport.extension.condition;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads syntax trees.
final class Nodes {
    /// What can be called, for hints.
    static final Set<String> FUNCTIONS = Set.of(
            "all",
            "bool",
            "bytes",
            "contains",
            "double",
            "duration",
            "dyn",
            "endsWith",
            "exists",
            "exists_one",
            "filter",
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getFullYear",
            "getHours",
            "getMilliseconds",
            "getMinutes",
            "getMonth",
            "getSeconds",
            "has",
            "inRange",
            "int",
            "map",
            "matches",
            "size",
            "startsWith",
            "string",
            "timestamp",
            "type",
            "uint");

    private static final Map<String, String> OPERATORS = Map.of("@in", "in", "_?_:_", "? :", "_[_]", "[ ]");

    private Nodes() {}

    /// A function as it is written.
    static String operator(String function) {
        String named = OPERATORS.get(function);
        return named != null ? named : function.replace("_", "");
    }

    /// Everything directly below `node`, in written order as far as it was written.
    static List<CelExpr> children(CelExpr node) {
        List<CelExpr> children = new ArrayList<>();
        switch (node.getKind()) {
            case SELECT -> children.add(node.select().operand());
            case CALL -> {
                node.call().target().ifPresent(children::add);
                children.addAll(node.call().args());
            }
            case LIST -> children.addAll(node.list().elements());
            case MAP ->
                node.map().entries().forEach(entry -> {
                    children.add(entry.key());
                    children.add(entry.value());
                });
            case STRUCT -> node.struct().entries().forEach(entry -> children.add(entry.value()));
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = node.comprehension();
                children.add(loop.iterRange());
                children.add(loop.accuInit());
                children.add(loop.loopCondition());
                children.add(loop.loopStep());
                children.add(loop.result());
            }
            case CONSTANT, IDENT, NOT_SET -> {}
        }
        return children;
    }

    /// The node with `id` at or below `node`, or null.
    static @Nullable CelExpr find(CelExpr node, long id) {
        if (node.id() == id) {
            return node;
        }
        for (CelExpr child : children(node)) {
            CelExpr found = find(child, id);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    static boolean isName(CelExpr node, String name) {
        return node.getKind() == Kind.IDENT && node.ident().name().equals(name);
    }

    /// The text that `node` is, or null when it is no constant text.
    static @Nullable String text(CelExpr node) {
        return node.getKind() == Kind.CONSTANT && node.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? node.constant().stringValue()
                : null;
    }
}
