package dev.sallyport.controlplane.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.testing.OfflineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What two configurations allow, compared; every row is read in both directions.
class AccessDiffTest {
    private static final String WRITE = "access: { authenticate: [staff], require: orders:write }";
    private static final String STATUS = "path: /status }, access: { authenticate: [staff] }";

    @TempDir
    private Path folder = Path.of("");

    private List<String> between(String before, String after) throws IOException {
        Compiled old = OfflineConfig.compiled(Files.createTempDirectory(folder, "old"), before);
        Compiled now = OfflineConfig.compiled(Files.createTempDirectory(folder, "new"), after);
        return AccessDiff.between(old, now).stream()
                .map(change -> change.effect() + ": " + change.text())
                .toList();
    }

    private static Arguments row(String what, String before, String after, String... expected) {
        return Arguments.of(what, before, after, List.of(expected));
    }

    static Stream<Arguments> widenings() {
        String base = Orders.YAML;
        return Stream.of(
                row(
                        "a permission more",
                        base,
                        Orders.with(
                                "reader: { permissions: [\"orders:read\"] }",
                                "reader: { permissions: [\"orders:read\", \"orders:write\"] }"),
                        "WIDER: reader gains POST, PUT /orders/** (route change)"),
                row(
                        "a wildcard permission",
                        base,
                        Orders.with("\"log:read\"", "\"*:read\""),
                        "WIDER: auditor gains GET /orders/** (route read)"),
                row(
                        "role inheritance",
                        base,
                        Orders.with("auditor: { permissions", "auditor: { inherits: [clerk], permissions"),
                        "WIDER: auditor gains GET /orders/** (route read)",
                        "WIDER: auditor gains POST, PUT /orders/** (route change)"),
                row(
                        "a new role",
                        base,
                        Orders.with("auditor: {", "boss: { inherits: [reader] }\n  auditor: {"),
                        "WIDER: boss gains GET /orders/** (route read)"),
                row(
                        "a grant",
                        base,
                        Orders.with("grants: []", "grants: [ { role: reader, authenticators: [staff] } ]"),
                        "WIDER: any proven caller gains GET /orders/** (route read)"),
                row(
                        "a grant with a condition",
                        base,
                        Orders.with("grants: []", "grants: [ { role: reader, when: 'principal.tenant == \"a\"' } ]"),
                        "WIDER: any proven caller gains GET /orders/** if granted reader by (principal.tenant == \"a\") (route read)"),
                row(
                        "a grant loses its condition",
                        Orders.with(
                                "grants: []",
                                "grants: [ { role: reader, authenticators: [staff], when: 'principal.tenant == \"a\"' } ]"),
                        Orders.with("grants: []", "grants: [ { role: reader, authenticators: [staff] } ]"),
                        "WIDER: any proven caller may GET /orders/** no longer only if granted reader by (principal.tenant == \"a\") (route read)"),
                row(
                        "a denial less",
                        Orders.with(
                                WRITE,
                                "access: { authenticate: [staff], require: orders:write, deny: [ { role: clerk, when: 'path.rest == \"x\"' } ] }"),
                        base,
                        "WIDER: clerk may POST, PUT /orders/** no longer only if not (path.rest == \"x\") (route change)"),
                row(
                        "a denial that is not enforced",
                        Orders.with(WRITE, "access: { authenticate: [staff], deny: [ { role: clerk } ] }"),
                        Orders.with(
                                WRITE, "access: { authenticate: [staff], deny: [ { role: clerk, mode: shadow } ] }"),
                        "WIDER: clerk gains POST, PUT /orders/** (route change)"),
                row(
                        "public",
                        base,
                        Orders.with(STATUS, "path: /status }, access: public"),
                        "WIDER: route status becomes public: GET /status (route status)"),
                row(
                        "optional",
                        base,
                        Orders.with(
                                STATUS,
                                "path: /status }, access: { optional: [staff], when: 'request.method == \"GET\"' }"),
                        "WIDER: anonymous gains GET /status if (request.method == \"GET\") (route status)",
                        "NARROWER: any proven caller may GET /status now only if (request.method == \"GET\") (route status)"),
                row(
                        "an authenticator more",
                        base,
                        Orders.with(WRITE, "access: { authenticate: [staff, partners], require: orders:write }"),
                        "WIDER: clerk gains POST, PUT /orders/** when proven by partners (route change)"),
                row(
                        "a condition less",
                        Orders.with(
                                WRITE,
                                "access: { authenticate: [staff], require: orders:write, when: 'path.rest == \"x\"' }"),
                        base,
                        "WIDER: clerk may POST, PUT /orders/** no longer only if (path.rest == \"x\") (route change)"),
                row(
                        "one scope less",
                        Orders.with(WRITE, "access: { authenticate: [staff], require: { scopes: [a, b] } }"),
                        Orders.with(WRITE, "access: { authenticate: [staff], require: { scopes: [a] } }"),
                        "WIDER: any proven caller may POST, PUT /orders/** now if scope a, no longer only if scope a and scope b (route change)"),
                row(
                        "another way to meet a requirement",
                        base,
                        Orders.with(
                                WRITE,
                                "access: { authenticate: [staff], require: { any-of: [ orders:write, { scope: a } ] } }"),
                        "WIDER: any proven caller gains POST, PUT /orders/** if scope a (route change)"),
                row(
                        "a weaker proof",
                        Orders.with(WRITE, "access: { authenticate: [staff], require: { strength: { max-age: 5m } } }"),
                        Orders.with(
                                WRITE, "access: { authenticate: [staff], require: { strength: { max-age: 10m } } }"),
                        "WIDER: any proven caller may POST, PUT /orders/** now if authenticated within 600s, no longer only if "
                                + "authenticated within 300s (route change)"),
                row(
                        "shadow mode",
                        base,
                        Orders.with(WRITE, "access: { authenticate: [staff], require: orders:write, mode: shadow }"),
                        "WIDER: any proven caller gains POST, PUT /orders/** (route change)"),
                row(
                        "a requirement less",
                        base,
                        Orders.with(WRITE, "access: { authenticate: [staff] }"),
                        "WIDER: any proven caller gains POST, PUT /orders/** (route change)"),
                row(
                        "a method more",
                        base,
                        Orders.with("[POST, PUT]", "[POST, PUT, DELETE]"),
                        "WIDER: clerk gains DELETE /orders/** (route change)"),
                row(
                        "every path",
                        base,
                        Orders.with(
                                "methods: [POST, PUT], path: \"/orders/**\"", "methods: [POST, PUT], path: \"/**\""),
                        "WIDER: clerk gains POST, PUT /** (route change)"),
                row(
                        "a stricter route for some of the paths is gone",
                        Orders.with(
                                "  status: {",
                                "  secret: { match: { methods: [GET], path: /orders/secret }, access: { authenticate: [staff], require: orders:write }, upstream: orders }\n  status: {"),
                        base,
                        "WIDER: reader gains GET /orders/secret (route read)"),
                row(
                        "a stricter route that overlaps is gone",
                        Orders.with(
                                "  status: {",
                                "  secret: { match: { methods: [GET], path: \"/{any}/secret\" }, access: { authenticate: [staff], require: orders:write }, upstream: orders }\n  status: {"),
                        base,
                        "WIDER: reader gains GET /{any}/secret (route read)",
                        "NARROWER: clerk loses GET /{any}/secret (route secret)"),
                row(
                        "HEAD apart from GET",
                        base,
                        Orders.with(
                                "  status: {",
                                "  head: { match: { methods: [HEAD], path: \"/orders/**\" }, access: public, upstream: orders }\n  status: {"),
                        "WIDER: route head becomes public: HEAD /orders/** (route head)"),
                row(
                        "an authenticator that is configured otherwise",
                        base,
                        Orders.with(
                                "\"https://id.example.com\", audience: a",
                                "\"https://id.example.com\", audience: [a, b]"),
                        "UNCLEAR: authenticator staff changes: audience; whether it lets in others cannot be told"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("widenings")
    void tellsWhoMayMore(String what, String before, String after, List<String> expected) throws IOException {
        assertThat(between(before, after)).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest(name = "{0}, taken back")
    @MethodSource("widenings")
    void tellsWhoMayLess(String what, String before, String after, List<String> expected) throws IOException {
        assertThat(between(/* before= */ after, /* after= */ before)).isNotEmpty();
    }

    static Stream<Arguments> narrowings() {
        String base = Orders.YAML;
        return Stream.of(
                row(
                        "a permission less",
                        base,
                        Orders.with(
                                "inherits: [reader], permissions: [\"orders:write\"]",
                                "permissions: [\"orders:write\"]"),
                        "NARROWER: clerk loses GET /orders/** (route read)"),
                row(
                        "no longer public",
                        Orders.with(STATUS, "path: /status }, access: public"),
                        base,
                        "NARROWER: anonymous loses GET /status (route status)"),
                row(
                        "a condition",
                        base,
                        Orders.with(
                                WRITE,
                                "access: { authenticate: [staff], require: orders:write, when: 'path.rest == \"x\"' }"),
                        "NARROWER: clerk may POST, PUT /orders/** now only if (path.rest == \"x\") (route change)"),
                row(
                        "a denial",
                        base,
                        Orders.with(
                                WRITE,
                                "access: { authenticate: [staff], require: orders:write, deny: [ { role: reader } ] }"),
                        "NARROWER: clerk loses POST, PUT /orders/** (route change)"),
                row(
                        "an authenticator less",
                        Orders.with(WRITE, "access: { authenticate: [staff, partners], require: orders:write }"),
                        base,
                        "NARROWER: clerk loses POST, PUT /orders/** when proven by partners (route change)"),
                row(
                        "a route less",
                        base,
                        base.substring(0, base.indexOf("  status:")),
                        "NARROWER: any proven caller loses GET /status (route status)"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("narrowings")
    void narrowingNeedsNoReview(String what, String before, String after, List<String> expected) throws IOException {
        assertThat(between(before, after)).containsExactlyElementsOf(expected);
    }

    static Stream<Arguments> same() {
        return Stream.of(
                row("nothing", Orders.YAML, Orders.YAML),
                row("another name", Orders.YAML, Orders.with("  read: {", "  orders-read: {")),
                row(
                        "a route of its own with the same rule",
                        Orders.YAML,
                        Orders.with(
                                "  status: {",
                                "  one: { match: { methods: [GET], path: \"/orders/{id}\" }, access: { authenticate: [staff], require: orders:read }, upstream: orders }\n  status: {")),
                row(
                        "names of path parameters",
                        Orders.with("/orders/**", "/orders/{a}"),
                        Orders.with("/orders/**", "/orders/{b}")),
                row(
                        "the same in other words",
                        Orders.with(WRITE, "access: { authenticate: [staff], require: orders:write }"),
                        Orders.with(WRITE, "access: { authenticate: [staff], require: { role: clerk } }")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("same")
    void whatChangesNothingIsNotTold(String what, String before, String after, List<String> expected)
            throws IOException {
        assertThat(between(before, after)).isEmpty();
    }

    @Test
    void whatNeedsAReviewComesFirst() throws IOException {
        String after = Orders.with("[POST, PUT]", "[PUT, DELETE]");
        assertThat(between(Orders.YAML, after))
                .containsExactly(
                        "WIDER: clerk gains DELETE /orders/** (route change)",
                        "NARROWER: clerk loses POST /orders/** (route change)");
    }
}
