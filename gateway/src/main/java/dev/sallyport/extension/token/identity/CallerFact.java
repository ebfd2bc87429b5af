package dev.sallyport.extension.token.identity;

import dev.sallyport.api.identity.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that may be known of a caller, as configuration names it.
sealed interface CallerFact {
    /// What [#parse] takes.
    String EXPECTED =
            "principal.id, principal.tenant, principal.roles, principal.authenticator or principal.claims.NAME";

    /// A text, number, truth value or list, or null for unknown.
    @Nullable
    Object of(Principal caller);

    /// The fact called `name`, or null when there is none.
    static @Nullable CallerFact parse(String name) {
        String claims = "principal.claims.";
        return switch (name) {
            case "principal.id" -> Part.ID;
            case "principal.tenant" -> Part.TENANT;
            case "principal.roles" -> Part.ROLES;
            case "principal.authenticator" -> Part.AUTHENTICATOR;
            default ->
                name.startsWith(claims) && name.length() > claims.length()
                        ? new Claim(name.substring(claims.length()))
                        : null;
        };
    }

    /// A part of every principal.
    enum Part implements CallerFact {
        ID,
        TENANT,
        ROLES,
        AUTHENTICATOR;

        @Override
        public @Nullable Object of(Principal caller) {
            return switch (this) {
                case ID -> caller.id();
                case TENANT -> caller.tenant();
                case ROLES ->
                    caller.roles().isEmpty()
                            ? null
                            : caller.roles().stream().sorted().toList();
                case AUTHENTICATOR -> caller.authenticator();
            };
        }
    }

    /// Something its credential claims; a claim that is a map is none that a field can hold, and unknown.
    record Claim(String path) implements CallerFact {
        @Override
        public @Nullable Object of(Principal caller) {
            Object value = caller.claims().at(path);
            return switch (value) {
                case String text -> text.isEmpty() ? null : text;
                case Long _, Double _, Boolean _ -> value;
                case List<?> list when list.stream().noneMatch(Claim::isStructure) && !list.isEmpty() -> list;
                case null, default -> null;
            };
        }

        private static boolean isStructure(Object item) {
            return item instanceof List<?> || item instanceof Map<?, ?>;
        }
    }
}
