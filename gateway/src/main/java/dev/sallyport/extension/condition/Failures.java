package dev.sallyport.extension.condition;

import dev.cel.runtime.CelEvaluationException;
import dev.sallyport.api.expression.EvaluationException;

/// Says why an expression has no value, without the values: the library's own messages quote what callers sent.
final class Failures {
    /// Causes within causes: those of an absorbed error of an operand of `||`, for one.
    private static final int DEEPEST = 16;

    private Failures() {}

    static EvaluationException of(CelEvaluationException failure) {
        Throwable cause = failure;
        for (int i = 0; i < DEEPEST && cause != null; i++) {
            if (cause instanceof EvaluationException ours) {
                return ours;
            }
            cause = cause.getCause();
        }
        return new EvaluationException(
                switch (failure.getErrorCode()) {
                    case ATTRIBUTE_NOT_FOUND -> "something that is asked for has no value";
                    case INDEX_OUT_OF_BOUNDS -> "a list has fewer items";
                    case DIVIDE_BY_ZERO -> "division by zero";
                    case NUMERIC_OVERFLOW -> "a number is too large";
                    case ITERATION_BUDGET_EXCEEDED -> "lists of more than " + Language.ITERATIONS + " items in all";
                    case BAD_FORMAT, INVALID_ARGUMENT -> "a value has not the form that is needed";
                    case DUPLICATE_ATTRIBUTE -> "a key twice";
                    case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD, TYPE_NOT_FOUND, INTERNAL_ERROR ->
                        "a value is of an unexpected type";
                });
    }
}
