package dev.sallyport.extension.observe.audit;

import java.util.Set;

/// What an audit log records, and how long its files become; may change while it is written.
///
/// @param allowed       whether every request that was let in is recorded
/// @param allowedRoutes names of routes of which they are, otherwise
/// @param rotateAt      the size in octets at which a new file is begun
/// @param keep          how many old files stay; [#ALL] for every one
public record AuditSettings(boolean allowed, Set<String> allowedRoutes, long rotateAt, int keep) {
    public static final int ALL = -1;

    public AuditSettings {
        allowedRoutes = Set.copyOf(allowedRoutes);
    }

    boolean records(String allowedRoute) {
        return allowed || allowedRoutes.contains(allowedRoute);
    }
}
