package dev.sallyport.controlplane.rights;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.http.Method;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.snapshot.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What every kind of caller may do with every route and method of a configuration.
///
/// @param callers anonymous ones, any proven one, and one for each role
/// @param rows    what is open to everybody first, otherwise in the order of the file
public record AccessMatrix(List<Caller> callers, List<Row> rows) {
    public AccessMatrix {
        callers = List.copyOf(callers);
        rows = List.copyOf(rows);
    }

    /// The matrix of a configuration for its own roles.
    public static AccessMatrix of(Compiled compiled) {
        return of(compiled, compiled.parts().roles().model().roles().keySet());
    }

    /// The matrix of a configuration for some roles, which it may not know: those are worth nothing in it.
    public static AccessMatrix of(Compiled compiled, Collection<String> roles) {
        List<Caller> callers = new ArrayList<>(List.of(new Caller.Anonymous(), new Caller.AnyProven()));
        roles.forEach(role -> callers.add(new Caller.WithRole(role)));
        List<Row> rows = new ArrayList<>();
        for (Route route : compiled.snapshot().routes().routes()) {
            Map<Caller, Map<String, Right>> rights = rights(compiled, route.access(), callers);
            for (Method method : methods(route)) {
                rows.add(new Row(
                        route.name(), route.match(), method, route.access() instanceof AccessRule.Public, rights));
            }
            if (route.match().methods().isEmpty()) {
                rows.add(new Row(
                        route.name(), route.match(), null, route.access() instanceof AccessRule.Public, rights));
            }
        }
        rows.sort(Comparator.comparingInt(AccessMatrix::openness));
        return new AccessMatrix(callers, rows);
    }

    private static int openness(Row row) {
        Right anonymous = row.right(new Caller.Anonymous());
        return anonymous.isAlways() ? 0 : anonymous.isNever() ? 2 : 1;
    }

    /// Methods in their usual order; HEAD is left out where GET stands for it.
    private static Set<Method> methods(Route route) {
        Set<Method> methods = new LinkedHashSet<>();
        for (Method method : Method.values()) {
            Set<Method> listed = route.match().methods();
            if (listed.contains(method) && !(method == Method.HEAD && listed.contains(Method.GET))) {
                methods.add(method);
            }
        }
        return methods;
    }

    private static Map<Caller, Map<String, Right>> rights(Compiled compiled, AccessRule rule, List<Caller> callers) {
        Map<Caller, Map<String, Right>> rights = new LinkedHashMap<>();
        for (Caller caller : callers) {
            Map<String, Right> each = new LinkedHashMap<>();
            boolean proven = rule instanceof AccessRule.Guarded && !(caller instanceof Caller.Anonymous);
            if (proven) {
                for (Authenticator one : ((AccessRule.Guarded) rule).authenticators()) {
                    String name = name(compiled, one);
                    each.put(name, reading(compiled, caller, name, one).of(rule));
                }
            } else {
                each.put("", reading(compiled, caller, "", null).of(rule));
            }
            rights.put(caller, each);
        }
        return rights;
    }

    private static RuleReading reading(
            Compiled compiled, Caller caller, String name, @Nullable Authenticator authenticator) {
        return new RuleReading(compiled.parts().roles(), caller, name, authenticator);
    }

    @SuppressWarnings("ReferenceEquality") // the very object, whatever it thinks equal
    private static String name(Compiled compiled, Authenticator authenticator) {
        for (BuiltPlugin<Authenticator> built : compiled.parts().authenticators()) {
            if (built.plugin() == authenticator) {
                return built.name();
            }
        }
        throw new IllegalStateException("an authenticator that is not configured");
    }

    /// Only some callers and routes.
    ///
    /// @param roles  empty for all
    /// @param routes empty for all
    public AccessMatrix only(Collection<String> roles, Collection<String> routes) {
        return new AccessMatrix(
                callers.stream()
                        .filter(caller -> roles.isEmpty()
                                || !(caller instanceof Caller.WithRole(String role))
                                || roles.contains(role))
                        .toList(),
                rows.stream()
                        .filter(row -> routes.isEmpty() || routes.contains(row.route()))
                        .toList());
    }
}
