package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.identity.Credential;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of the caller's proof.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class CredentialFacts extends Facts {
    static final StructType TYPE = type(
            "Credential",
            Map.of(
                    "kind", SimpleType.STRING,
                    "issuer", SimpleType.STRING,
                    "id", SimpleType.STRING,
                    "client", SimpleType.STRING,
                    "key", SimpleType.STRING,
                    "issued_at", SimpleType.TIMESTAMP,
                    "expires_at", SimpleType.TIMESTAMP));

    private final Credential credential;

    CredentialFacts(Credential credential) {
        super(TYPE);
        this.credential = credential;
    }

    @Override
    @Nullable
    Object field(String name) {
        return switch (name) {
            case "kind" -> credential.kind();
            case "issuer" -> credential.issuer();
            case "id" -> credential.id();
            case "client" -> credential.client();
            case "key" -> credential.key();
            case "issued_at" -> time(credential.issuedAt(), 0);
            case "expires_at" -> time(credential.expiresAt(), Credential.NEVER);
            default -> null;
        };
    }

    private static @Nullable Instant time(long epochSecond, long unknown) {
        return epochSecond == unknown || epochSecond > Instant.MAX.getEpochSecond()
                ? null
                : Instant.ofEpochSecond(epochSecond);
    }
}
