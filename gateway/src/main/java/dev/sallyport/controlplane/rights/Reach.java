package dev.sallyport.controlplane.rights;

import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.snapshot.FieldMatch;
import dev.sallyport.dataplane.snapshot.PathTemplate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The requests of one method that a route is for on one host, or on every host.
///
/// @param host   a host, `*.` and a suffix, or empty for every host
/// @param method `GET` stands for `HEAD` too
record Reach(String host, PathTemplate path, Method method, Set<FieldMatch> headers, Set<FieldMatch> query, Row row) {
    private static final String WILDCARD = "*.";
    private static final Set<Method> EVERY =
            EnumSet.of(Method.GET, Method.POST, Method.PUT, Method.PATCH, Method.DELETE, Method.OPTIONS);

    /// First what a request is compared with first: the more exact host, then path, then the more conditions.
    static final Comparator<Reach> ORDER = Comparator.comparing((Reach reach) -> reach.host.isEmpty())
            .thenComparing(reach -> reach.host.startsWith(WILDCARD))
            .thenComparingInt(reach -> -reach.host.length())
            .thenComparing(reach -> pathRank(reach.path))
            .thenComparingInt(reach -> -reach.headers.size())
            .thenComparingInt(reach -> -reach.query.size())
            .thenComparing(reach -> reach.row.method() == null)
            .thenComparing(reach -> reach.row.route());

    /// Everything that the routes of `matrix` are for.
    static List<Reach> of(AccessMatrix matrix) {
        List<Reach> all = new ArrayList<>();
        for (Row row : matrix.rows()) {
            Method only = row.method();
            List<String> hosts =
                    row.match().hosts().isEmpty() ? List.of("") : row.match().hosts();
            for (Method method : only == null ? EVERY : Set.of(only)) {
                for (String host : hosts) {
                    all.add(new Reach(
                            host,
                            row.match().path(),
                            method,
                            new LinkedHashSet<>(row.match().headers()),
                            new LinkedHashSet<>(row.match().query()),
                            row));
                }
            }
        }
        return all;
    }

    /// Literal segments come before parameters, and those before an open end.
    private static String pathRank(PathTemplate path) {
        StringBuilder rank = new StringBuilder();
        for (String segment : path.segments()) {
            rank.append(isParameter(segment) ? 'b' : 'a');
        }
        return rank.append(path.open() ? 'c' : ' ').toString();
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /// Whether it is for the very requests that `other` is for.
    boolean equalTo(Reach other) {
        return covers(other) && other.covers(this);
    }

    /// Whether it is for every request that `other` is for.
    boolean covers(Reach other) {
        return coversHost(other.host)
                && coversPath(other.path)
                && (method == other.method || (method == Method.GET && other.method == Method.HEAD))
                && other.headers.containsAll(headers)
                && other.query.containsAll(query);
    }

    private boolean coversHost(String wanted) {
        return host.isEmpty()
                || host.equals(wanted)
                || (host.startsWith(WILDCARD)
                        && wanted.endsWith(host.substring(1))
                        && wanted.length() > host.length() - 1);
    }

    private boolean coversPath(PathTemplate wanted) {
        List<String> own = path.segments();
        List<String> others = wanted.segments();
        if (path.open() ? others.size() < own.size() : others.size() != own.size() || wanted.open()) {
            return false;
        }
        for (int i = 0; i < own.size(); i++) {
            boolean takes = isParameter(own.get(i))
                    ? !others.get(i).isEmpty()
                    : own.get(i).equals(others.get(i));
            if (!takes) {
                return false;
            }
        }
        return true;
    }

    /// Whether some request could be for both, as far as host, path and method say.
    boolean overlaps(Reach other) {
        boolean hosts = coversHost(other.host) || other.coversHost(host);
        boolean methods = method == other.method
                || (method == Method.GET && other.method == Method.HEAD)
                || (method == Method.HEAD && other.method == Method.GET);
        return hosts && methods && overlapsPath(other.path);
    }

    private boolean overlapsPath(PathTemplate other) {
        List<String> own = path.segments();
        List<String> others = other.segments();
        int common = Math.min(own.size(), others.size());
        for (int i = 0; i < common; i++) {
            String one = own.get(i);
            String two = others.get(i);
            if (!isParameter(one) && !isParameter(two) && !one.equals(two)) {
                return false;
            }
        }
        return own.size() == others.size()
                || (own.size() < others.size() && path.open())
                || (others.size() < own.size() && other.open());
    }

    /// Path and host, for people.
    String place() {
        return row.place();
    }
}
