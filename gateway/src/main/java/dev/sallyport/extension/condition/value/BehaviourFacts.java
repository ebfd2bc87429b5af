package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.behaviour.Conduct;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How those behind a request have behaved.
@Immutable
@SuppressWarnings("Immutable") // a record of constants
final class BehaviourFacts extends Facts {
    static final StructType TYPE = type("Behaviour", Map.of("level", SimpleType.STRING, "score", SimpleType.DOUBLE));

    private final Conduct conduct;

    BehaviourFacts(Conduct conduct) {
        super(TYPE);
        this.conduct = conduct;
    }

    @Override
    @Nullable
    Object field(String name) {
        return switch (name) {
            case "level" -> conduct.level().label();
            case "score" -> conduct.score();
            default -> null;
        };
    }
}
