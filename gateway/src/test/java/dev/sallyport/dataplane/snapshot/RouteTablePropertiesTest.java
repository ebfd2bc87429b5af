package dev.sallyport.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RouteTablePropertiesTest {
    @Property(tries = 3_000)
    void agreesWithTheNaiveMatcher(@ForAll("tables") List<Route> routes, @ForAll("requests") CanonicalRequest request) {
        assertThat(find(routes, request)).isEqualTo(NaiveRoutes.find(routes, request));
    }

    @Property(tries = 500)
    void PA_16_isIndependentOfOrder(
            @ForAll("tables") List<Route> routes, @ForAll("requests") CanonicalRequest request, @ForAll long seed) {
        List<Route> shuffled = new ArrayList<>(routes);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(find(shuffled, request)).isEqualTo(find(routes, request));
        assertThat(RouteConflict.find(RouteTable.of(shuffled))).isEqualTo(RouteConflict.find(RouteTable.of(routes)));
    }

    @Property(tries = 500)
    void aRouteSaidNeverToMatchNeverMatches(
            @ForAll("tables") List<Route> routes, @ForAll("requests") CanonicalRequest request) {
        String found = find(routes, request);
        for (RouteConflict conflict : RouteConflict.find(RouteTable.of(routes))) {
            if (conflict instanceof RouteConflict.NeverMatches(String route)) {
                assertThat(found).doesNotStartWith(route + "[");
            }
        }
    }

    /// The nodes a search visits stand for the beginnings of templates that fit the beginning of the path.
    @Property(tries = 1_000)
    void PA_18_visitsNoMoreNodesThanTheTableSays(
            @ForAll("tables") List<Route> routes, @ForAll("requests") CanonicalRequest request) {
        String host = request.authority().host();
        String[] parts = request.path().substring(1).split("/", -1);
        Set<String> visited = new HashSet<>();
        for (Route route : routes) {
            List<String> hosts = route.match().hosts().isEmpty()
                    ? List.of("")
                    : route.match().hosts();
            for (String pattern : hosts) {
                String suffix = pattern.startsWith("*") ? pattern.substring(1) : pattern;
                if ((pattern.startsWith("*") || pattern.isEmpty()) ? host.endsWith(suffix) : host.equals(pattern)) {
                    String node = pattern;
                    visited.add(node);
                    List<String> segments = route.match().path().segments();
                    for (int i = 0; i < Math.min(segments.size(), parts.length); i++) {
                        boolean parameter = segments.get(i).startsWith("{");
                        if (parameter ? parts[i].isEmpty() : !parts[i].equals(segments.get(i))) {
                            break;
                        }
                        node += "/" + (parameter ? "{}" : segments.get(i));
                        visited.add(node);
                    }
                }
            }
        }
        assertThat(visited.size()).isLessThanOrEqualTo(RouteTable.of(routes).steps());
    }

    private static String find(List<Route> routes, CanonicalRequest request) {
        RouteSearch search = new RouteSearch();
        RouteTable.of(routes).find(request, search);
        Route route = search.route();
        if (route != null) {
            return route.name() + List.of(search.parameters());
        }
        String outcome = search.outcome().name();
        return search.outcome() == RouteSearch.Outcome.METHOD_NOT_ALLOWED ? outcome + " " + search.allowed() : outcome;
    }

    @Provide
    Arbitrary<List<Route>> tables() {
        Arbitrary<String> methods = Arbitraries.of("*", "*", "GET", "HEAD", "POST", "GET,POST", "PUT,DELETE", "TRACE");
        Arbitrary<String> hosts =
                Arbitraries.of("*", "*", "x.y.z", "*.y.z", "*.z", "y.z", "*.y.z,y.z", "x.y.z,*.z", "[::1]");
        Arbitrary<String> segments = Arbitraries.of("a", "b", "ab", "{p}", "{q}", "{p}", "a;b", "%2F");
        Arbitrary<String> paths = Combinators.combine(
                        segments.list().ofMaxSize(4).map(RouteTablePropertiesTest::join),
                        Arbitraries.of("", "", "/", "/**"))
                .as((fixed, tail) -> fixed.isEmpty() && tail.isEmpty() ? "/" : fixed + tail);
        Arbitrary<String> conditions =
                Arbitraries.of("", "", "", "", " h:X=1", " h:X", " h:Y=2 h:x=1", " q:x=1", " q:x", " q:x=1 q:y= h:X=1");
        Arbitrary<String> texts = Combinators.combine(methods, hosts, paths, conditions)
                .as((method, host, path, condition) -> method + " " + host + " " + path + condition);
        return texts.list().ofMaxSize(12).map(list -> {
            List<Route> routes = new ArrayList<>();
            for (String text : list) {
                routes.add(Routes.route("r" + routes.size(), text));
            }
            return routes;
        });
    }

    /// Joins segments with slashes, giving parameters different names.
    private static String join(List<String> segments) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < segments.size(); i++) {
            path.append('/').append(segments.get(i).replace("}", i + "}"));
        }
        return path.toString();
    }

    @Provide
    Arbitrary<CanonicalRequest> requests() {
        Arbitrary<Method> methods = Arbitraries.of(
                Method.GET,
                Method.GET,
                Method.HEAD,
                Method.HEAD,
                Method.POST,
                Method.PUT,
                Method.TRACE,
                Method.OPTIONS);
        Arbitrary<String> hosts = Arbitraries.of("x.y.z", "x.y.z", "w.y.z", "v.w.y.z", "y.z", "z", "q", "[::1]");
        Arbitrary<String> paths = Combinators.combine(
                        Arbitraries.of("a", "b", "ab", "c", "", "a;b", "%2F")
                                .list()
                                .ofMaxSize(5),
                        Arbitraries.of("", "", "/"))
                .as((segments, tail) -> "/" + String.join("/", segments) + tail);
        Arbitrary<String> queries = Arbitraries.of("", "x=1", "x", "y&x=%31", "x=1&x=1", "y=&x=1", "%78=1");
        Arbitrary<List<String>> headers = Arbitraries.of(
                List.of(),
                List.of("x", "1"),
                List.of("X", "2"),
                List.of("x", "1", "Y", "2"),
                List.of("x", "1", "X", "1"),
                List.of("Y", "2"));
        return Combinators.combine(methods, hosts, paths, queries, headers)
                .as((method, host, path, query, fields) -> Routes.request(
                        method, host, path, query.isEmpty() ? null : query, fields.toArray(String[]::new)));
    }
}
