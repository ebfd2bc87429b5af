package dev.sallyport.extension.observe.signals;

import java.util.Comparator;
import java.util.Locale;

/// What a figure is about: the gateway as a whole, or one route, upstream or listener.
///
/// @param name as the configuration names it; empty for the gateway
public record Scope(Kind kind, String name) implements Comparable<Scope> {
    /// The gateway as a whole.
    public static final Scope GATEWAY = new Scope(Kind.GATEWAY, "");

    private static final Comparator<Scope> ORDER =
            Comparator.comparing(Scope::kind).thenComparing(Scope::name);

    /// Kinds of scopes.
    public enum Kind {
        GATEWAY,
        ROUTE,
        UPSTREAM,
        LISTENER;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Scope route(String name) {
        return new Scope(Kind.ROUTE, name);
    }

    public static Scope upstream(String name) {
        return new Scope(Kind.UPSTREAM, name);
    }

    public static Scope listener(String name) {
        return new Scope(Kind.LISTENER, name);
    }

    @Override
    public int compareTo(Scope other) {
        return ORDER.compare(this, other);
    }

    /// `route orders`, `gateway`.
    @Override
    public String toString() {
        return kind == Kind.GATEWAY ? kind.word() : kind.word() + " " + name;
    }
}
