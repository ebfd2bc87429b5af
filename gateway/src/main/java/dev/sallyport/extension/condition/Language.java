package dev.sallyport.extension.condition;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import dev.sallyport.api.expression.ExpressionException;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.condition.value.Functions;
import dev.sallyport.extension.condition.value.Variables;
import java.util.Optional;

/// The expression language with our variables, functions and bounds. Immutable; made with the first expression.
@OffLoop("control threads; only the programs it makes run on loops")
final class Language {
    /// Items that all of `exists`, `all`, `map`, `filter` of one evaluation may look at (threat AZ-05).
    static final int ITERATIONS = 1000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(CelExpressions.LONGEST)
            .maxParseRecursionDepth(64)
            .maxParseExpressionNodeCount(1000)
            .comprehensionMaxIterations(ITERATIONS)
            .enableHeterogeneousNumericComparisons(true)
            .populateMacroCalls(true)
            .build();

    private final CelCompiler conditions;
    private final CelCompiler values;
    private final CelRuntime runtime;

    /// Made when the class that holds it is first used.
    private static final class Shared {
        static final Language LANGUAGE = new Language();
    }

    private Language() {
        this.conditions = compiler().setResultType(SimpleType.BOOL).build();
        this.values = compiler().build();
        this.runtime = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(new OurTypes())
                .setStandardFunctions(Functions.standard())
                .addFunctionBindings(Functions.bindings())
                .build();
    }

    static Language shared() {
        return Shared.LANGUAGE;
    }

    private static CelCompilerBuilder compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setTypeProvider(new OurTypes())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addFunctionDeclarations(Functions.IN_RANGE);
        Variables.TYPES.forEach(builder::addVar);
        return builder;
    }

    /// The checked tree of a condition.
    ///
    /// @throws ExpressionException when `text` is none
    CelAbstractSyntaxTree check(String text) throws ExpressionException {
        return tree(text, conditions);
    }

    private static CelAbstractSyntaxTree tree(String text, CelCompiler compiler) throws ExpressionException {
        CelValidationResult result = compiler.compile(text);
        if (result.hasError()) {
            throw new ExpressionException(new Complaints(text, compiler.parse(text)).of(result.getErrors()));
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new IllegalStateException("without errors, but without tree", e);
        }
    }

    /// The checked tree of an expression of any type.
    ///
    /// @throws ExpressionException when `text` is none
    CelAbstractSyntaxTree checkValue(String text) throws ExpressionException {
        return tree(text, values);
    }

    /// Whether `text`, an expression of constants, has a value.
    boolean hasValue(String text) {
        try {
            program(values.compile(text).getAst()).eval();
            return true;
        } catch (CelValidationException | CelEvaluationException e) {
            return false;
        }
    }

    /// What evaluates a checked tree; any thread, any number at once.
    Program program(CelAbstractSyntaxTree tree) {
        try {
            return runtime.createProgram(tree);
        } catch (CelEvaluationException e) {
            throw new IllegalStateException("checked, but not to be planned", e);
        }
    }

    /// The types of our variables.
    private static final class OurTypes implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(Variables.STRUCTURES);
        }

        @Override
        public Optional<CelType> findType(String name) {
            for (StructType type : Variables.STRUCTURES) {
                if (type.name().equals(name)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }
}
