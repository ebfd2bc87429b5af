package dev.sallyport.dataplane.snapshot;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What [RouteTable] should do, written again in the plainest way: judge every route, sort those that match.
final class NaiveRoutes {
    /// The answer as a text: the route and its parameters, or why there is none.
    static String find(List<Route> routes, CanonicalRequest request) {
        List<Route> onHost = routes.stream()
                .filter(route -> hostRank(route, request.authority().host()) >= 0)
                .toList();
        if (onHost.isEmpty()) {
            return "UNKNOWN_HOST";
        }
        List<Route> fitting = onHost.stream()
                .filter(route -> pathFits(route.match().path(), request.path()) && conditionsHold(route, request))
                .toList();
        if (fitting.isEmpty()) {
            return "UNKNOWN_PATH";
        }
        List<Route> matching = fitting.stream()
                .filter(route -> methods(route).contains(request.method()))
                .sorted(order(request))
                .toList();
        if (matching.isEmpty()) {
            Set<Method> allowed = EnumSet.noneOf(Method.class);
            fitting.forEach(route -> allowed.addAll(methods(route)));
            return "METHOD_NOT_ALLOWED " + allowed;
        }
        Route best = matching.getFirst();
        return best.name() + parameters(best.match().path(), request.path());
    }

    private NaiveRoutes() {}

    private static Comparator<Route> order(CanonicalRequest request) {
        return Comparator.<Route>comparingInt(
                        route -> -hostRank(route, request.authority().host()))
                .thenComparing(route -> kinds(route.match().path()))
                .thenComparing(route -> !(request.method() == Method.HEAD
                        && route.match().methods().contains(Method.HEAD)))
                .thenComparing(route -> route.match().methods().isEmpty())
                .thenComparingInt(route -> -route.match().headers().size())
                .thenComparingInt(route -> -route.match().query().size())
                .thenComparingInt(route -> methods(route).size())
                .thenComparing(Route::name);
    }

    /// A text that sorts as templates that match one path do: each segment a literal, a parameter or the rest.
    private static String kinds(PathTemplate template) {
        StringBuilder kinds = new StringBuilder();
        for (String segment : template.segments()) {
            kinds.append(segment.startsWith("{") ? '2' : '1');
        }
        return kinds.append(template.open() ? '3' : '0').toString();
    }

    private static Set<Method> methods(Route route) {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        methods.addAll(route.match().methods());
        if (methods.isEmpty()) {
            methods.addAll(EnumSet.complementOf(EnumSet.of(Method.TRACE, Method.CONNECT)));
        }
        if (methods.contains(Method.GET)) {
            methods.add(Method.HEAD);
        }
        return methods;
    }

    /// How specific the best of the route's hosts is that matches; −1 when none does.
    private static int hostRank(Route route, String host) {
        if (route.match().hosts().isEmpty()) {
            return 0;
        }
        int best = -1;
        for (String pattern : route.match().hosts()) {
            if (pattern.equals(host)) {
                best = Integer.MAX_VALUE;
            } else if (pattern.startsWith("*") && host.endsWith(pattern.substring(1)) && best < pattern.length()) {
                best = pattern.length();
            }
        }
        return best;
    }

    private static boolean pathFits(PathTemplate template, String path) {
        String[] parts = path.substring(1).split("/", -1);
        List<String> segments = template.segments();
        if (parts.length < segments.size() || (parts.length > segments.size() && !template.open())) {
            return template.open() && segments.isEmpty();
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean parameter = segments.get(i).startsWith("{");
            if (parameter ? parts[i].isEmpty() : !parts[i].equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> parameters(PathTemplate template, String path) {
        String[] parts = path.substring(1).split("/", -1);
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < template.segments().size(); i++) {
            String segment = template.segments().get(i);
            if (segment.startsWith("{")) {
                parameters.add(segment.substring(1, segment.length() - 1));
                parameters.add(parts[i]);
            }
        }
        return parameters;
    }

    private static boolean conditionsHold(Route route, CanonicalRequest request) {
        return route.match().headers().stream().allMatch(match -> holds(match, lines(match, request.headers())))
                && route.match().query().stream().allMatch(match -> holds(match, arguments(match, request.query())));
    }

    private static boolean holds(FieldMatch match, List<String> values) {
        return match.value() == null ? !values.isEmpty() : values.equals(List.of(match.value()));
    }

    private static List<String> lines(FieldMatch match, Headers headers) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < headers.count(); i++) {
            if (headers.name(i).equalsIgnoreCase(match.name())) {
                values.add(headers.value(i));
            }
        }
        return values;
    }

    private static List<String> arguments(FieldMatch match, @Nullable String query) {
        List<String> values = new ArrayList<>();
        if (query != null) {
            for (String argument : query.split("&", -1)) {
                String[] parts = argument.split("=", 2);
                if (URLDecoder.decode(parts[0], StandardCharsets.UTF_8).equals(match.name())) {
                    values.add(parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
                }
            }
        }
        return values;
    }
}
