package dev.sallyport.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteConflictTest {
    /// Routes named a, b, c and so on.
    private static List<RouteConflict> conflicts(String... texts) {
        List<Route> routes = new ArrayList<>();
        for (String text : texts) {
            routes.add(Routes.route(Character.toString('a' + routes.size()), text));
        }
        List<RouteConflict> found = RouteConflict.find(RouteTable.of(routes));
        Collections.reverse(routes);
        assertThat(RouteConflict.find(RouteTable.of(routes))).isEqualTo(found);
        return found;
    }

    private static void same(String first, String second) {
        assertThat(conflicts(first, second)).singleElement().isInstanceOf(RouteConflict.SameRequests.class);
    }

    @Test
    void PA_16_findsRoutesThatMatchTheSameRequests() {
        same("GET * /a", "GET * /a");
        same("GET h /a/{x}", "GET h /a/{y}");
        same("GET h,i /a/**", "GET i,j /a/**");
        same("GET * /a", "GET,HEAD * /a");
        same("* * /a", "GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS * /a");
        same("* * /a h:X-A=1 h:B q:x=1 q:y", "* * /a h:b h:x-a=1 q:y q:x=1");
    }

    @Test
    void namesTheHostTwoRoutesShare() {
        assertThat(conflicts("GET h,i.example /a", "GET i.example /a"))
                .containsExactly(new RouteConflict.SameRequests("b", "a", "i.example"));
        assertThat(conflicts("GET * /a", "GET * /a")).containsExactly(new RouteConflict.SameRequests("b", "a", ""));
    }

    @Test
    void findsNothingWhereRoutesDiffer() {
        assertThat(conflicts(
                        "GET * /a",
                        "POST * /a",
                        "GET h /a",
                        "GET *.h /a",
                        "GET * /a/",
                        "GET * /a/**",
                        "GET * /A",
                        "GET * /a h:X=1",
                        "GET * /a h:X=2",
                        "GET * /a h:X",
                        "GET * /a q:X=1",
                        "GET * /a/{b}",
                        "GET * /a/b",
                        "* * /a"))
                .isEmpty();
    }

    @Test
    void findsRoutesThatCanNeverMatch() {
        assertThat(conflicts("GET * /a", "POST * /a", "GET,POST * /a", "GET,POST,PUT * /a"))
                .containsExactly(new RouteConflict.NeverMatches("c"));
        assertThat(conflicts("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS * /a", "* * /a h:X"))
                .containsExactly(new RouteConflict.NeverMatches("b"));
        assertThat(conflicts("GET h,i /a", "GET h,i /a h:X", "HEAD h /a", "HEAD,GET,POST i /a"))
                .isEmpty();
    }

    @Test
    void aRouteWithOneReachableHostIsReachable() {
        assertThat(conflicts("GET h /a", "POST h /a", "GET,POST h,i /a")).isEmpty();
        assertThat(conflicts("GET h /a", "POST h /a", "GET,POST i /a", "POST,GET h,j /a"))
                .isEmpty();
    }

    @Test
    void PA_18_refusesTablesInWhichALookUpBranchesTooOften() {
        List<Route> routes = new ArrayList<>();
        for (int shape = 0; shape < 1 << 10; shape++) {
            StringBuilder path = new StringBuilder();
            for (int level = 0; level < 10; level++) {
                path.append((shape & 1 << level) == 0 ? "/a" : "/{p" + level + "}");
            }
            routes.add(Routes.route("r" + shape, "* * " + path));
        }
        assertThat(RouteConflict.find(RouteTable.of(routes.subList(0, 128)))).isEmpty();
        assertThat(RouteConflict.find(RouteTable.of(routes)))
                .containsExactly(new RouteConflict.TooManyOverlaps(2_048, 1_000));
    }

    @Test
    void takesTimeInProportionToTheRoutes() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            routes.add(Routes.route("h" + i, "GET * /a h:X=" + i));
            routes.add(Routes.route("p" + i, "GET h" + i + ".example /p" + i + "/{x}"));
        }
        assertThat(RouteConflict.find(RouteTable.of(routes))).isEmpty();
    }
}
