package dev.sallyport.controlplane.admin;

import java.util.List;

/// Routes as a table for people, who may use each beside it.
public final class RouteText {
    private static final int GAP = 2;

    private RouteText() {}

    /// One line per route, with aligned columns.
    public static String of(List<Operation.RouteLine> routes) {
        int name = "ROUTE".length();
        int match = "MATCH".length();
        int access = "ACCESS".length();
        for (Operation.RouteLine route : routes) {
            name = Math.max(name, route.name().length());
            match = Math.max(match, route.match().length());
            access = Math.max(access, route.access().length());
        }
        StringBuilder text = new StringBuilder();
        line(text, "ROUTE", name, "MATCH", match, "ACCESS", access).append("TO\n");
        for (Operation.RouteLine route : routes) {
            line(text, route.name(), name, route.match(), match, route.access(), access)
                    .append(route.target())
                    .append('\n');
        }
        return text.toString();
    }

    private static StringBuilder line(
            StringBuilder text, String name, int nameWidth, String match, int matchWidth, String access, int width) {
        return cell(cell(cell(text, name, nameWidth), match, matchWidth), access, width);
    }

    private static StringBuilder cell(StringBuilder text, String value, int width) {
        return text.append(value).repeat(' ', width - value.length() + GAP);
    }
}
