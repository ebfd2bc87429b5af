package dev.sallyport.controlplane.rights.usage;

import dev.sallyport.controlplane.config.Mark;
import java.util.List;

/// What of a configuration nobody used.
///
/// @param removals what could be taken out, in the order of roles, permissions, routes and methods
/// @param caveats  what the log cannot show, in sentences
public record Advice(List<Removal> removals, List<String> caveats) {
    public Advice {
        removals = List.copyOf(removals);
        caveats = List.copyOf(caveats);
    }

    /// What a removal is about.
    public enum Kind {
        ROLE,
        PERMISSION,
        GRANT,
        ROUTE,
        METHOD
    }

    /// A key that nobody used.
    ///
    /// @param path  of the key
    /// @param at    where it stands
    /// @param value what stands there, empty where the path says it
    /// @param note  what has to be seen to besides, empty for nothing
    public record Removal(Kind kind, String path, Mark at, String value, String note) {}
}
