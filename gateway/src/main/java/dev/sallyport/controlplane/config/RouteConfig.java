package dev.sallyport.controlplane.config;

import dev.sallyport.api.access.Enforcement;
import dev.sallyport.api.exchange.RoutePolicies;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.PathAmbiguity;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.api.plugin.Verbatim;
import dev.sallyport.api.traffic.Priority;
import dev.sallyport.controlplane.config.access.DenyConfig;
import dev.sallyport.controlplane.config.access.RequireConfig;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which requests are served, to whom, and how.
@Doc("Which requests are served, to whom, and how: forwarded to an `upstream`, or answered by `redirect` or `respond`.")
@NotYet({"cache", "validate", "compose", "translate"})
public record RouteConfig(
        @Doc("Which requests the route is for; `{}` for every request.")
        Match match,

        @Doc("Who may use the route. There is no default: every route says it, and `access: public` lets anybody in.")
        Access access,

        @Doc("Names under `limits`: how much callers may. All of them are judged together.") @Default("[]")
        List<String> limits,

        @Doc("The name of the upstream that serves the requests.") @Nullable
        String upstream,

        @Doc("How much the requests matter when not all can be served: `low` ones are refused first.")
        @Default("normal")
        Priority priority,

        @Doc(
                "Spellings that parsers disagree about and that this route takes nevertheless; all others are answered 400.")
        @Default("[]")
        List<PathAmbiguity> allowAmbiguous,

        @Doc("`required`: what cannot be recorded in `observe.audit-log` is not served, and every request is recorded.")
        @Nullable
        Audit audit,

        @Doc("What else is done with the requests.") @Plugged(RoutePolicies.class)
        Map<String, PluginUse> policies) {
    static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";

    /// Whether a route may be used unrecorded.
    public enum Audit {
        @Doc("It may not.")
        REQUIRED
    }

    /// Who may use a route.
    public sealed interface Access {}

    /// Rules that need no more words.
    public enum Open implements Access {
        @Doc("Anybody.")
        PUBLIC
    }

    /// Callers that prove who they are.
    @Doc("Callers that prove who they are, and may.")
    public record Guarded(
            @Doc(
                    "Names under `authenticators`, tried in this order. A credential that is present and bad is a refusal, "
                            + "whatever the others would say.")
            @Default("[]")
            List<String> authenticate,

            @Doc(
                    "The same, but a request without any credential passes too, as anonymous; a bad credential never does.")
            @Default("[]")
            List<String> optional,

            @Doc("What callers must meet: a permission, or a map. Left out: nothing more than to be known.") @Nullable
            RequireConfig require,

            @Doc("A condition (CEL) that must hold besides; one that cannot be evaluated refuses.") @Nullable
            String when,

            @Doc("Who is kept out whatever else allows them in.") @Default("[]")
            List<DenyConfig> deny,

            @Doc("Names under `authorizers`, asked in this order once everything else allows; each must allow too.")
            @Default("[]")
            List<String> ask,

            @Doc("Whether `require`, `when`, `deny` and `ask` are enforced. Callers are authenticated either way.")
            @Default("enforce")
            Enforcement mode,

            @Doc(
                    "`true`: the caller's own credential is forwarded to the upstream too. Left out, it stays at the gateway.")
            @Default("false")
            boolean passCredential)
            implements Access {
        public Guarded {
            if (authenticate.isEmpty() == optional.isEmpty()) {
                throw new IllegalArgumentException(
                        "authenticate: " + (optional.isEmpty() ? "none" : "beside `optional`")
                                + " (expected: at least one name, in one of `authenticate` and `optional`)");
            }
        }

        /// The names, in order.
        public List<String> names() {
            return optional.isEmpty() ? authenticate : optional;
        }
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
