package dev.sallyport.dataplane.snapshot;

import static dev.sallyport.dataplane.snapshot.RouteConflict.Kind.NEVER_MATCHES;
import static dev.sallyport.dataplane.snapshot.RouteConflict.Kind.SAME_REQUESTS;
import static dev.sallyport.dataplane.snapshot.RouteConflict.Kind.TOO_MANY_OVERLAPS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteConflictsTest {
    /// Routes named a, b, c and so on.
    private static List<RouteConflict> conflicts(String... texts) {
        List<Route> routes = new ArrayList<>();
        for (String text : texts) {
            routes.add(Routes.route(Character.toString('a' + routes.size()), text));
        }
        List<RouteConflict> found = RouteConflicts.find(RouteTable.of(routes));
        Collections.reverse(routes);
        assertThat(RouteConflicts.find(RouteTable.of(routes))).isEqualTo(found);
        return found;
    }

    private static void same(String first, String second) {
        assertThat(conflicts(first, second)).singleElement().satisfies(conflict -> {
            assertThat(conflict.kind()).isEqualTo(SAME_REQUESTS);
            assertThat(conflict.kind().error()).isTrue();
            assertThat(conflict.routes()).containsExactlyInAnyOrder("a", "b");
            assertThat(conflict.message()).contains("exactly the same requests as route");
        });
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
        assertThat(conflicts("GET h,i.example /a", "GET i.example /a")
                        .getFirst()
                        .message())
                .contains("for host i.example");
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
                .singleElement()
                .satisfies(conflict -> {
                    assertThat(conflict.kind()).isEqualTo(NEVER_MATCHES);
                    assertThat(conflict.kind().error()).isFalse();
                    assertThat(conflict.routes()).containsExactly("c", "b", "a");
                });
        assertThat(conflicts("GET,HEAD,POST,PUT,PATCH,DELETE,OPTIONS * /a", "* * /a h:X"))
                .singleElement()
                .satisfies(conflict -> assertThat(conflict.routes()).containsExactly("b", "a"));
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
        assertThat(RouteConflicts.find(RouteTable.of(routes.subList(0, 128)))).isEmpty();
        assertThat(RouteConflicts.find(RouteTable.of(routes))).singleElement().satisfies(conflict -> {
            assertThat(conflict.kind()).isEqualTo(TOO_MANY_OVERLAPS);
            assertThat(conflict.kind().error()).isTrue();
            assertThat(conflict.message()).contains("2048 ways", "at most 1000");
        });
    }

    @Test
    void takesTimeInProportionToTheRoutes() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            routes.add(Routes.route("h" + i, "GET * /a h:X=" + i));
            routes.add(Routes.route("p" + i, "GET h" + i + ".example /p" + i + "/{x}"));
        }
        assertThat(RouteConflicts.find(RouteTable.of(routes))).isEmpty();
    }
}
