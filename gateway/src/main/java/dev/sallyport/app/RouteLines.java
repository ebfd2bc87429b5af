package dev.sallyport.app;

import dev.sallyport.api.http.Method;
import dev.sallyport.controlplane.admin.Operation.RouteLine;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.snapshot.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Routes in words.
final class RouteLines {
    private RouteLines() {}

    /// Every route of `compiled`, in the order of the file.
    static List<RouteLine> of(Compiled compiled) {
        return of(compiled, compiled.snapshot().routes().routes());
    }

    /// The routes that anybody may use.
    static List<RouteLine> publicOnes(Compiled compiled) {
        return of(compiled, compiled.publicRoutes());
    }

    private static List<RouteLine> of(Compiled compiled, List<Route> routes) {
        List<RouteLine> lines = new ArrayList<>();
        for (Route route : routes) {
            RouteConfig config = compiled.config().routes().get(route.name());
            lines.add(new RouteLine(route.name(), match(route), access(config, route.access()), target(config)));
        }
        return lines;
    }

    private static String match(Route route) {
        String methods = route.match().methods().isEmpty()
                ? "*"
                : route.match().methods().stream().map(Method::name).sorted().collect(Collectors.joining(","));
        String hosts = route.match().hosts().isEmpty()
                ? ""
                : String.join(",", route.match().hosts());
        int conditions = route.match().headers().size() + route.match().query().size();
        return methods + " " + hosts + route.match().path().text() + (conditions == 0 ? "" : " +" + conditions);
    }

    private static String access(@Nullable RouteConfig config, AccessRule rule) {
        return switch (rule) {
            case AccessRule.Public _ -> "public";
            case AccessRule.Guarded guarded
            when config != null && config.access() instanceof RouteConfig.Guarded by ->
                (guarded.optional() ? "optional: " : "") + String.join(", ", by.names());
            case AccessRule.Guarded _ -> "guarded";
        };
    }

    private static String target(@Nullable RouteConfig config) {
        if (config == null) {
            return "(the gateway itself)";
        }
        String upstream = config.upstream();
        return upstream != null
                ? upstream
                : "(" + String.join(", ", config.policies().keySet()) + ")";
    }
}
