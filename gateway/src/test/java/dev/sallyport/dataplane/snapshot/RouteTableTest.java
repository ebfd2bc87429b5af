package dev.sallyport.dataplane.snapshot;

import static dev.sallyport.dataplane.snapshot.Routes.get;
import static dev.sallyport.dataplane.snapshot.Routes.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.snapshot.RouteSearch.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private final RouteSearch search = new RouteSearch();

    /// Routes are named by their own text.
    private static RouteTable table(String... texts) {
        List<Route> routes = new ArrayList<>();
        for (String text : texts) {
            routes.add(Routes.route(text, text));
        }
        return RouteTable.of(routes);
    }

    private String find(RouteTable table, CanonicalRequest request) {
        table.find(request, search);
        Route route = search.route();
        assertThat(search.outcome() == Outcome.FOUND).isEqualTo(route != null);
        return route == null ? search.outcome().name() : route.name();
    }

    @Test
    void findsNothingInAnEmptyTable() {
        assertThat(find(table(), get("a", "/"))).isEqualTo("UNKNOWN_HOST");
        assertThat(table().steps()).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "/orders, * * /orders",
        "/orders/, * * /orders/",
        "/orders/7, * * /orders/{id}",
        "/orders/7/, UNKNOWN_PATH",
        "/orders/new, * * /orders/new",
        "/orders/new/, UNKNOWN_PATH",
        "/orders/7/lines/1, * * /orders/{id}/lines/{line}",
        "/orders/new/lines/1, * * /orders/{id}/lines/{line}",
        "/orders/new/lines, UNKNOWN_PATH",
        "/files, * * /files/**",
        "/files/, * * /files/**",
        "/files/a/b/c/, * * /files/**",
        "/files/a, * * /files/{name}",
        "/filesx, UNKNOWN_PATH",
        "/, * * /",
        "/Orders, UNKNOWN_PATH",
        "/a%2Fb, * * /a%2Fb"
    })
    void matchesPathsBySegment(String path, String expected) {
        RouteTable table = table(
                "* * /",
                "* * /orders",
                "* * /orders/",
                "* * /orders/{id}",
                "* * /orders/new",
                "* * /orders/{id}/lines/{line}",
                "* * /files/**",
                "* * /files/{name}",
                "* * /a%2Fb");
        assertThat(find(table, get("any.example", path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "/admin, * * /admin/**",
        "/admin/, * * /admin/**",
        "/admin/users, * * /admin/**",
        "/adminx, * * /**",
        "/admin.json, * * /**",
        "/admin%20, * * /**",
        "/ADMIN, * * /**",
        "//admin, * * /**"
    })
    void PA_12_prefixEndsAtASegment(String path, String expected) {
        assertThat(find(table("* * /admin/**", "* * /**"), get("a", path))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example.com, * a.example.com /**",
        "b.example.com, * *.example.com /**",
        "c.b.example.com, * *.b.example.com /**",
        "d.c.b.example.com, * *.b.example.com /**",
        "example.com, UNKNOWN_HOST",
        "xexample.com, UNKNOWN_HOST",
        "com, UNKNOWN_HOST",
        "[::1], * [::1] /**",
        "127.0.0.1, UNKNOWN_HOST"
    })
    void choosesTheMostSpecificHost(String host, String expected) {
        RouteTable table = table("* a.example.com /**", "* *.example.com /**", "* *.b.example.com /**", "* [::1] /**");
        assertThat(find(table, get(host, "/x"))).isEqualTo(expected);
    }

    @Test
    void goesOnToLessSpecificHosts() {
        RouteTable table = table("GET a.b.c /x", "GET *.b.c /y", "GET *.c /z", "POST * /**");
        assertThat(find(table, get("a.b.c", "/x"))).isEqualTo("GET a.b.c /x");
        assertThat(find(table, get("a.b.c", "/y"))).isEqualTo("GET *.b.c /y");
        assertThat(find(table, get("a.b.c", "/z"))).isEqualTo("GET *.c /z");
        assertThat(find(table, request(Method.POST, "a.b.c", "/x", null))).isEqualTo("POST * /**");
        assertThat(find(table, get("a.b.c", "/q"))).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(search.allowed()).containsExactly(Method.POST);
    }

    @Test
    void goesOnToLessSpecificPathsWhenTheMethodDiffers() {
        RouteTable table = table("GET * /a/b", "PUT * /a/{x}", "DELETE * /a/**");
        assertThat(find(table, request(Method.PUT, "h", "/a/b", null))).isEqualTo("PUT * /a/{x}");
        assertThat(search.parameters()).containsExactly("x", "b");
        assertThat(find(table, request(Method.DELETE, "h", "/a/b", null))).isEqualTo("DELETE * /a/**");
        assertThat(search.parameters()).isEmpty();
        assertThat(find(table, request(Method.POST, "h", "/a/b", null))).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(search.allowed()).containsExactly(Method.GET, Method.HEAD, Method.PUT, Method.DELETE);
        assertThat(find(table, request(Method.POST, "h", "/b", null))).isEqualTo("UNKNOWN_PATH");
        assertThat(search.allowed()).isEmpty();
    }

    @Test
    void servesHeadByGetUnlessARouteNamesIt() {
        RouteTable table = table("GET * /a", "HEAD * /b", "GET * /b", "* * /c", "GET * /c h:X");
        assertThat(find(table, request(Method.HEAD, "h", "/a", null))).isEqualTo("GET * /a");
        assertThat(find(table, request(Method.HEAD, "h", "/b", null))).isEqualTo("HEAD * /b");
        assertThat(find(table, get("h", "/b"))).isEqualTo("GET * /b");
        assertThat(find(table, request(Method.HEAD, "h", "/c", null, "x", "1"))).isEqualTo("GET * /c h:X");
        assertThat(find(table, request(Method.HEAD, "h", "/c", null))).isEqualTo("* * /c");
    }

    @Test
    void PA_14_refusesTraceUnlessARouteNamesIt() {
        RouteTable table = table("* * /a", "TRACE * /b");
        assertThat(find(table, request(Method.TRACE, "h", "/a", null))).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(search.allowed())
                .doesNotContain(Method.TRACE, Method.CONNECT)
                .contains(Method.GET, Method.PATCH);
        assertThat(find(table, request(Method.TRACE, "h", "/b", null))).isEqualTo("TRACE * /b");
        assertThat(find(table, request(Method.CONNECT, "h", "/a", null))).isEqualTo("METHOD_NOT_ALLOWED");
        assertThat(find(table("* * /**"), request(Method.OPTIONS, "h", "*", null)))
                .isEqualTo("UNKNOWN_PATH");
    }

    @Test
    void prefersMethodsThenHeadersThenQuery() {
        RouteTable table = table(
                "* * /a",
                "GET * /a",
                "* * /a h:A h:B",
                "* * /a h:A",
                "* * /a q:x",
                "GET,POST * /a q:x",
                "GET,POST * /a h:A");
        assertThat(find(table, get("h", "/a"))).isEqualTo("GET * /a");
        assertThat(find(table, request(Method.PUT, "h", "/a", null))).isEqualTo("* * /a");
        assertThat(find(table, request(Method.PUT, "h", "/a", "x", "A", "1"))).isEqualTo("* * /a h:A");
        assertThat(find(table, request(Method.PUT, "h", "/a", "x", "A", "1", "B", "2")))
                .isEqualTo("* * /a h:A h:B");
        assertThat(find(table, request(Method.GET, "h", "/a", "x", "A", "1", "B", "2")))
                .isEqualTo("GET,POST * /a h:A");
        assertThat(find(table, request(Method.GET, "h", "/a", "x"))).isEqualTo("GET,POST * /a q:x");
        assertThat(find(table, request(Method.POST, "h", "/a", null))).isEqualTo("* * /a");
    }

    @Test
    void answersPathUnknownWhenConditionsDoNotHold() {
        RouteTable table = table("GET * /a h:A=1");
        assertThat(find(table, get("h", "/a"))).isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.PUT, "h", "/a", null))).isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.PUT, "h", "/a", null, "a", "1"))).isEqualTo("METHOD_NOT_ALLOWED");
    }

    @Test
    void comparesHeadersByNameInAnyCaseAndByExactValue() {
        RouteTable table = table("* * /a h:X-Env=test");
        assertThat(find(table, request(Method.GET, "h", "/a", null, "x-env", "test")))
                .isEqualTo("* * /a h:X-Env=test");
        assertThat(find(table, request(Method.GET, "h", "/a", null, "x-env", "Test")))
                .isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/a", null, "x-env", "testx")))
                .isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/a", null, "x_env", "test")))
                .isEqualTo("UNKNOWN_PATH");
    }

    @Test
    void HD_10_neverTakesOneOfSeveralValues() {
        RouteTable table = table("* * /a h:X-Env=test", "* * /b h:X-Env", "* * /c q:x=1", "* * /d q:x");
        assertThat(find(table, request(Method.GET, "h", "/a", null, "X-Env", "test", "x-env", "prod")))
                .isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/b", null, "X-Env", "test", "x-env", "prod")))
                .isEqualTo("* * /b h:X-Env");
        assertThat(find(table, request(Method.GET, "h", "/c", "x=1&x=2"))).isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/c", "x=2&x=1"))).isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/c", "x=1&%78=1"))).isEqualTo("UNKNOWN_PATH");
        assertThat(find(table, request(Method.GET, "h", "/d", "x=1&x=2"))).isEqualTo("* * /d q:x");
    }

    @ParameterizedTest
    @CsvSource({
        "tag=a b, true",
        "tag=a+b, true",
        "x&tag=a%20b&y=1, true",
        "t%61g=%61%20%62, true",
        "%74ag=a+b, true",
        "tag=a+b+, false",
        "tag=a, false",
        "tag, false",
        "xtag=a+b, false",
        "tag=a%2, false",
        "tag=a%zzb, false",
        "tag==a+b, false",
        "&&tag=a+b&, true",
        "tag=a%2Bb, false",
        "Tag=a+b, false",
        "tag;tag=a+b, false"
    })
    void comparesQueryParametersDecoded(String query, boolean holds) {
        QueryCondition condition = new QueryCondition(new FieldMatch("tag", "a b"));
        assertThat(condition.holds(query)).isEqualTo(holds);
    }

    @Test
    void comparesEmptyAndMissingQueryValues() {
        assertThat(new QueryCondition(new FieldMatch("x", "")).holds("x")).isTrue();
        assertThat(new QueryCondition(new FieldMatch("x", "")).holds("x=")).isTrue();
        assertThat(new QueryCondition(new FieldMatch("x", "")).holds("")).isFalse();
        assertThat(new QueryCondition(new FieldMatch("x", null)).holds("y&x=1")).isTrue();
        assertThat(new QueryCondition(new FieldMatch("x", null)).holds(null)).isFalse();
        assertThat(new QueryCondition(new FieldMatch("ä", "ö")).holds("%c3%A4=%C3%b6"))
                .isTrue();
    }

    @Test
    void takesParametersAsWritten() {
        RouteTable table = table("* * /{a}/x/{b}", "* * /{c}/{d}/**", "* * /only");
        assertThat(find(table, get("h", "/a%20b/x/c;d"))).isEqualTo("* * /{a}/x/{b}");
        assertThat(search.parameters()).containsExactly("a", "a%20b", "b", "c;d");
        String[] kept = search.parameters();
        assertThat(find(table, get("h", "/1/2/3/4"))).isEqualTo("* * /{c}/{d}/**");
        assertThat(search.parameters()).containsExactly("c", "1", "d", "2");
        assertThat(find(table, get("h", "/1/x/"))).isEqualTo("* * /{c}/{d}/**");
        assertThat(search.parameters()).containsExactly("c", "1", "d", "x");
        assertThat(find(table, get("h", "/only"))).isEqualTo("* * /only");
        assertThat(search.parameters()).isEmpty();
        assertThat(kept).containsExactly("a", "a%20b", "b", "c;d");
    }

    @Test
    void takesManyParameters() {
        StringBuilder template = new StringBuilder();
        for (int i = 0; i < 64; i++) {
            template.append("/{p").append(i).append('}');
        }
        RouteTable table = table("* * " + template);
        find(table, get("h", "/v".repeat(64)));
        assertThat(search.parameters()).hasSize(128).endsWith("p63", "v");
    }

    @Test
    void PA_16_prefersLiteralsWhateverTheOrder() {
        RouteTable table = table("* * /a/**", "* * /a/{x}", "* * /a/secret", "* * /a/secret/**", "* * /{y}/secret");
        assertThat(find(table, get("h", "/a/secret"))).isEqualTo("* * /a/secret");
        assertThat(find(table, get("h", "/a/secret/"))).isEqualTo("* * /a/secret/**");
        assertThat(find(table, get("h", "/a/other"))).isEqualTo("* * /a/{x}");
        assertThat(find(table, get("h", "/b/secret"))).isEqualTo("* * /{y}/secret");
        assertThat(find(table, get("h", "/a/other/more"))).isEqualTo("* * /a/**");
    }

    @Test
    void PA_18_looksUpManySegmentsInLinearTime() {
        RouteTable table = table("* * /{a}/{b}/**", "* * /x/x/x/x/x/y", "* * /**");
        assertThat(find(table, get("h", "/x".repeat(100_000)))).isEqualTo("* * /{a}/{b}/**");
        assertThat(find(table, get("h", "/".repeat(100_000)))).isEqualTo("* * /**");
        assertThat(table.steps()).isLessThan(20);
    }

    @Test
    void PA_18_stepsGrowWithSegmentsAndNotWithRoutes() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            routes.add(Routes.route("l" + i, "GET h" + i % 7 + " /v1/{tenant}/things" + i + "/{id}"));
            routes.add(Routes.route("p" + i, "GET *.h" + i % 7 + " /v1/things" + i + "/**"));
        }
        assertThat(RouteTable.of(routes).steps()).isLessThan(12);
        // Only a literal and a parameter side by side make a search try twice, and each such level doubles it.
        assertThat(table("* * /a/b/c/d", "* * /{w}/{x}/{y}/{z}").steps()).isEqualTo(10);
        assertThat(table("* * /a/a/x", "* * /a/{p}/x", "* * /{p}/a/x", "* * /{p}/{q}/x")
                        .steps())
                .isEqualTo(12);
    }

    @Test
    void PA_18_backtracksThroughEveryBranchOnce() {
        List<Route> routes = new ArrayList<>();
        for (int shape = 0; shape < 1 << 9; shape++) {
            StringBuilder path = new StringBuilder();
            for (int level = 0; level < 9; level++) {
                path.append((shape & 1 << level) == 0 ? "/a" : "/{p" + level + "}");
            }
            routes.add(Routes.route("r" + shape, "GET * " + path + "/z" + shape));
        }
        RouteTable table = RouteTable.of(routes);
        assertThat(find(table, get("h", "/a".repeat(9) + "/z511"))).isEqualTo("r511");
        assertThat(search.parameters()).hasSize(18).startsWith("p0", "a");
        assertThat(find(table, get("h", "/a".repeat(9) + "/z512"))).isEqualTo("UNKNOWN_PATH");
    }
}
