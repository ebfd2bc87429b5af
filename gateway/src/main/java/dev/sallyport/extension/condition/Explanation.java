package dev.sallyport.extension.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelUnparser;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.expression.Condition.Part;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.condition.value.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Evaluates the parts of a condition one by one, for who wants to know why it holds or not.
@OffLoop("wherever an explanation is asked for; never while a request is served")
final class Explanation {
    private static final Set<String> LOGIC = Set.of("_&&_", "_||_", "!_", "_?_:_");

    private final CelAbstractSyntaxTree tree;
    private final Language language;
    private final Variables variables;
    private final CelUnparser unparser = CelUnparserFactory.newUnparser();
    private final List<Part> parts = new ArrayList<>();

    Explanation(CelAbstractSyntaxTree tree, Language language, Variables variables) {
        this.tree = tree;
        this.language = language;
        this.variables = variables;
    }

    List<Part> parts() {
        visit(tree.getExpr());
        return List.copyOf(parts);
    }

    private void visit(CelExpr node) {
        switch (node.getKind()) {
            case CALL -> {
                if (!LOGIC.contains(node.call().function())) {
                    add(node);
                }
                Nodes.children(node).forEach(this::visit);
            }
            case COMPREHENSION -> {
                add(node);
                visit(node.comprehension().iterRange());
            }
            case IDENT, SELECT -> add(node);
            case LIST, MAP -> Nodes.children(node).forEach(this::visit);
            case CONSTANT, STRUCT, NOT_SET -> {}
        }
    }

    private void add(CelExpr node) {
        Part part = new Part(text(node), value(node));
        if (!parts.contains(part)) {
            parts.add(part);
        }
    }

    private String text(CelExpr node) {
        return unparser.unparse(CelAbstractSyntaxTree.newParsedAst(node, tree.getSource()));
    }

    private String value(CelExpr node) {
        CelAbstractSyntaxTree part =
                CelAbstractSyntaxTree.newCheckedAst(node, tree.getSource(), tree.getReferenceMap(), tree.getTypeMap());
        try {
            return new ValueText().of(language.program(part).eval(variables));
        } catch (CelEvaluationException e) {
            return "no value: " + Failures.of(e).getMessage();
        } catch (RuntimeException | StackOverflowError e) {
            return "no value: cannot be evaluated";
        }
    }
}
