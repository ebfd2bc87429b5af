package dev.sallyport.controlplane.rights;

import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.snapshot.FieldMatch;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What callers may do with one method of a route.
///
/// @param match  which requests the route is for
/// @param method null where the route is for every method; `GET` stands for `HEAD` too
/// @param open   whether the route is for anybody, whatever they prove
/// @param rights for each caller, by the authenticator that proves it; under an empty name what needs none
public record Row(
        String route, RouteMatch match, @Nullable Method method, boolean open, Map<Caller, Map<String, Right>> rights) {

    /// What `caller` may, whichever authenticator proves it.
    public Right right(Caller caller) {
        Map<String, Right> each = rights.getOrDefault(caller, Map.of());
        if (each.values().stream().distinct().count() <= 1) {
            return each.isEmpty() ? Right.NEVER : each.values().iterator().next();
        }
        Right any = Right.NEVER;
        for (Map.Entry<String, Right> one : each.entrySet()) {
            any = any.or(one.getValue().and(Right.where("proven by " + one.getKey())));
        }
        return any;
    }

    /// What `caller` may when `authenticator` proves it.
    Right right(Caller caller, String authenticator) {
        Map<String, Right> each = rights.getOrDefault(caller, Map.of());
        Right whoever = each.get("");
        return open && whoever != null ? whoever : each.getOrDefault(authenticator, Right.NEVER);
    }

    /// The method in words.
    public String methodText() {
        return method == null ? "any" : method.name();
    }

    /// Hosts, path, and what else the route goes by.
    public String place() {
        String conditions = Stream.concat(
                        match.headers().stream().map(field -> "header " + field(field)),
                        match.query().stream().map(field -> "query " + field(field)))
                .collect(Collectors.joining(", "));
        return String.join(",", match.hosts())
                + match.path().text()
                + (conditions.isEmpty() ? "" : " with " + conditions);
    }

    private static String field(FieldMatch field) {
        return field.name() + (field.value() == null ? "" : ": " + field.value());
    }

    /// Every caller with what it may.
    public Map<Caller, Right> cells() {
        Map<Caller, Right> cells = new LinkedHashMap<>();
        rights.keySet().forEach(caller -> cells.put(caller, right(caller)));
        return cells;
    }
}
