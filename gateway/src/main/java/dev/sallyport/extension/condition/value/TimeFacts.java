package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The time of an evaluation.
@Immutable
final class TimeFacts extends Facts {
    static final StructType TYPE = type("Time", Map.of("now", SimpleType.TIMESTAMP));

    private final Instant now;

    TimeFacts(Instant now) {
        super(TYPE);
        this.now = now;
    }

    @Override
    @Nullable
    Object field(String name) {
        return name.equals("now") ? now : null;
    }
}
