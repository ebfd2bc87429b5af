package dev.sallyport.controlplane.compile;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestTarget;
import dev.sallyport.controlplane.compile.findings.Findings;
import dev.sallyport.controlplane.config.RouteConfig;
import dev.sallyport.dataplane.snapshot.FieldMatch;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import dev.sallyport.dataplane.snapshot.RouteMatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles what a route is for.
final class MatchCompiler {
    private final Findings findings;

    MatchCompiler(Findings findings) {
        this.findings = findings;
    }

    /// Null when something is wrong.
    @Nullable
    RouteMatch compile(String path, RouteConfig route) {
        RouteConfig.Match match = route.match();
        int before = findings.count();
        List<String> hosts = hosts(path + ".hosts", match.hosts());
        Set<Method> methods = methods(path + ".methods", match.methods());
        PathTemplate template = template(path + ".path", match.path());
        List<FieldMatch> headers = headers(path + ".headers", match.headers());
        List<FieldMatch> query = fields(path + ".query", match.query());
        if (findings.count() > before || template == null) {
            return null;
        }
        checkAmbiguity(path + ".path", template, route);
        return new RouteMatch(hosts, methods, template, headers, query);
    }

    private List<String> hosts(String path, List<String> configured) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < configured.size(); i++) {
            String at = path + "[" + i + "]";
            String host = host(at, configured.get(i));
            if (host != null && hosts.contains(host)) {
                findings.error(at, host + " twice", "expected: once");
            } else if (host != null) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private @Nullable String host(String path, String text) {
        boolean wildcard = text.startsWith("*.");
        String name = wildcard ? text.substring(2) : text;
        Authority authority = Authority.parse(name);
        if (authority == null || (wildcard && name.startsWith("[")) || name.isEmpty()) {
            findings.error(
                    path,
                    text.isEmpty() ? "empty" : text,
                    "expected: a host such as api.example.com, or *.example.com");
            return null;
        }
        if (authority.port() >= 0) {
            findings.error(path, text, "expected: no port; " + authority.host() + " is matched on every port");
            return null;
        }
        return wildcard ? "*." + authority.host() : authority.host();
    }

    private Set<Method> methods(String path, List<Method> configured) {
        Set<Method> methods = EnumSet.noneOf(Method.class);
        for (int i = 0; i < configured.size(); i++) {
            Method method = configured.get(i);
            if (method == Method.CONNECT) {
                findings.error(
                        path + "[" + i + "]", "CONNECT", "expected: another method; the gateway opens no tunnels");
            } else if (!methods.add(method)) {
                findings.error(path + "[" + i + "]", method + " twice", "expected: once");
            }
        }
        return methods;
    }

    private @Nullable PathTemplate template(String path, String text) {
        try {
            return PathTemplate.parse(text);
        } catch (IllegalArgumentException e) {
            findings.error(path, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /// A literal that is itself ambiguous never meets a request unless the route takes such requests.
    private void checkAmbiguity(String path, PathTemplate template, RouteConfig route) {
        RequestTarget target = new RequestTarget();
        for (String segment : template.segments()) {
            byte[] literal = ("/" + segment).getBytes(StandardCharsets.US_ASCII);
            if (segment.startsWith("{") || target.parse(Method.GET, literal, 0, literal.length) != null) {
                continue;
            }
            for (dev.sallyport.api.http.PathAmbiguity ambiguity : dev.sallyport.api.http.PathAmbiguity.values()) {
                if ((target.ambiguity() & ambiguity.bit()) != 0
                        && !route.allowAmbiguous().contains(ambiguity)) {
                    String word = ambiguity.name().toLowerCase(Locale.ROOT).replace('_', '-');
                    findings.warning(
                            path,
                            "never matches: " + segment + " is an ambiguous spelling, which is refused",
                            "expected: `allow-ambiguous: [" + word + "]` on the route, or another path");
                }
            }
        }
    }

    private List<FieldMatch> headers(String path, Map<String, RouteConfig.Condition> configured) {
        List<String> seen = new ArrayList<>();
        for (String name : configured.keySet()) {
            FieldName field = FieldName.of(name);
            String at = path + "." + name;
            if (field == FieldName.HOST) {
                findings.error(at, "Host is not matched as a header", "expected: `hosts`");
            } else if (field == FieldName.UNUSUAL_SPELLING) {
                findings.error(at, name, "expected: a name without _ and .; fields with them are dropped");
            } else if (field.rule() == FieldName.Rule.HOP_BY_HOP) {
                findings.error(at, name, "expected: a field that is not about the connection");
            }
            String folded = name.toLowerCase(Locale.ROOT);
            if (seen.contains(folded)) {
                findings.error(at, name + " twice, in different case", "expected: once");
            }
            seen.add(folded);
        }
        return fields(path, configured);
    }

    private List<FieldMatch> fields(String path, Map<String, RouteConfig.Condition> configured) {
        List<FieldMatch> fields = new ArrayList<>();
        configured.forEach((name, condition) -> {
            String value = condition.value();
            if (value != null && value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
                findings.error(path + "." + name, "holds control characters", "expected: printable text");
            }
            fields.add(new FieldMatch(name, value));
        });
        return fields;
    }

    /// The names that a path gives values to.
    static List<String> parameters(PathTemplate template) {
        List<String> names = new ArrayList<>(template.names());
        if (template.open()) {
            names.add(Exchange.REST);
        }
        return names;
    }
}
