package dev.sallyport.controlplane.config;

import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.PathAmbiguity;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Shorthand;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which requests are served, to whom, and how.
@Doc("Which requests are served, to whom, and how: forwarded to an `upstream`, or answered by `redirect` or `respond`.")
@NotYet({"limits", "cache", "validate", "compose", "translate"})
public record RouteConfig(
        @Doc("Which requests the route is for; `{}` for every request.")
        Match match,

        @Doc("Who may use the route. There is no default: every route says it, and `access: public` lets anybody in.")
        Access access,

        @Doc("The name of the upstream that serves the requests.") @Nullable
        String upstream,

        @Doc(
                "Spellings that parsers disagree about and that this route takes nevertheless; all others are answered 400.")
        @Default("[]")
        List<PathAmbiguity> allowAmbiguous,

        @Doc("What else is done with the requests.") @Plugged(RoutePolicies.class)
        Map<String, PluginUse> policies) {
    static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    /// Who may use a route.
    @NotYet(map = "access rules with `authenticate`, `require` and `when`")
    public enum Access {
        @Doc("Anybody.")
        PUBLIC
    }

    /// Which requests a route is for.
    @Doc("Which requests a route is for: all of what is given must hold.")
    public record Match(
            @Doc("Hosts without port; `*.example.com` for every host below it. Left out: every host.") @Default("[]")
            List<String> hosts,

            @Doc("Methods; `GET` includes `HEAD`. Left out: every method.") @Default("[]") @Verbatim
            List<Method> methods,

            @Doc("The path: literal segments, `{name}` for any one segment, `/**` at the end for any rest.")
            @Default("/**")
            String path,

            @Doc("Header fields by name.")
            @Default("{}")
            @Matches(value = TOKEN, expected = "the name of a header field")
            Map<String, Condition> headers,

            @Doc("Query parameters by name.") @Default("{}") Map<String, Condition> query) {}

    /// What a header field or query parameter must be.
    @Doc("What a header field or query parameter must be: a `value`, or `present`.")
    @Shorthand("value")
    public record Condition(
            @Doc("The whole value, exactly.") @Nullable String value,

            @Doc("`true`: any value will do.") @Default("false")
            boolean present) {
        public Condition {
            if ((value == null) != present) {
                throw new IllegalArgumentException(
                        value == null
                                ? "no condition (expected: a value, or present: true)"
                                : "present: true beside a value (expected: one of the two)");
            }
        }
    }
}
