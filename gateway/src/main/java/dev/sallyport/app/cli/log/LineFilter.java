package dev.sallyport.app.cli.log;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tells which lines of an access log are wanted.
final class LineFilter {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private final @Nullable Program program;

    private LineFilter(@Nullable Program program) {
        this.program = program;
    }

    /// Wants every line.
    static LineFilter all() {
        return new LineFilter(null);
    }

    /// Wants the lines for which `text`, an expression over [LogWords], holds.
    ///
    /// @throws CommandFailure it is none; the message shows where
    static LineFilter where(String text) {
        CelCompilerBuilder compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addVar(LogWords.LINE, LogWords.LINE_TYPE)
                .setResultType(SimpleType.BOOL);
        for (LogWords word : LogWords.values()) {
            compiler.addVar(word.word(), word.type());
        }
        try {
            CelAbstractSyntaxTree tree = compiler.build().compile(text).getAst();
            return new LineFilter(CelRuntimeFactory.plannerRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .build()
                    .createProgram(tree));
        } catch (CelValidationException e) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "--where: " + e.getMessage() + "\nThere are: "
                            + Arrays.stream(LogWords.values())
                                    .map(LogWords::word)
                                    .collect(Collectors.joining(", "))
                            + ", and line[\"NAME\"] for any field.");
        } catch (CelEvaluationException e) {
            throw new CommandFailure(ExitCode.USAGE, "--where: " + e.getMessage());
        }
    }

    /// Whether the line is wanted. One for which the expression has no value, because it asks for a field that is
    /// not there, is not.
    boolean wants(Map<String, @Nullable Object> line) {
        if (program == null) {
            return true;
        }
        try {
            return Boolean.TRUE.equals(program.eval(LogWords.of(line)));
        } catch (CelEvaluationException e) {
            return false;
        }
    }
}
