package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The caller; no field of an anonymous one has a value.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class PrincipalFacts extends Facts {
    static final StructType TYPE = type(
            "Principal",
            Map.of(
                    "id", SimpleType.STRING,
                    "authenticator", SimpleType.STRING,
                    "tenant", SimpleType.STRING,
                    "roles", ListType.create(SimpleType.STRING),
                    "claims", MapType.create(SimpleType.STRING, SimpleType.DYN),
                    "credential", CredentialFacts.TYPE));

    private final @Nullable Principal principal;

    PrincipalFacts(@Nullable Principal principal) {
        super(TYPE);
        this.principal = principal;
    }

    @Override
    @Nullable
    Object field(String name) {
        Principal caller = principal;
        if (caller == null) {
            return null;
        }
        return switch (name) {
            case "id" -> caller.id();
            case "authenticator" -> caller.authenticator();
            case "tenant" -> caller.tenant();
            case "roles" -> List.copyOf(caller.roles());
            case "claims" -> new ClaimValues(caller.claims().all());
            case "credential" -> new CredentialFacts(caller.credential());
            default -> null;
        };
    }
}
