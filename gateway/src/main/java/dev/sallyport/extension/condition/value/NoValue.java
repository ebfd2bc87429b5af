package dev.sallyport.extension.condition.value;

import dev.cel.common.CelErrorCode;
import dev.cel.common.exceptions.CelRuntimeException;
import dev.sallyport.api.expression.EvaluationException;

/// Something has no value for this exchange. Without stack trace: callers can bring it about at will.
public final class NoValue extends CelRuntimeException {
    private static final long serialVersionUID = 1;

    NoValue(String message) {
        super(new EvaluationException(message), CelErrorCode.ATTRIBUTE_NOT_FOUND);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
