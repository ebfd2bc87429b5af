package dev.sallyport.controlplane.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.dataplane.admit.AccessRule;
import dev.sallyport.dataplane.snapshot.Route;
import dev.sallyport.testing.Badges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Authenticators and access rules in the configuration.
class AccessCompilerTest {
    private static final String BEGIN = """
            version: 1
            listeners: { plain: { bind: "127.0.0.1:8080" } }
            upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
            authenticators:
              staff: { kind: badge, issuer: staff, file: badges.txt, page: true }
              partners: { kind: badge, issuer: partners }
              exact: { kind: badge, public-url: true }
            routes:
            """;

    @TempDir
    private Path folder = Path.of("");

    private Compilation compile(String yaml, @Nullable Compiled previous) {
        try {
            if (!Files.exists(folder.resolve("badges.txt"))) {
                Files.writeString(folder.resolve("badges.txt"), "one\n");
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Compilers.compile(yaml, folder, previous, List.of(new Badges.Factory()));
    }

    private Compiled compiled(String yaml, @Nullable Compiled previous) {
        Compilation result = compile(yaml, previous);
        assertThat(result.problems().stream().filter(ConfigProblem::isError)).isEmpty();
        return (Compiled) result;
    }

    private static String route(String access) {
        return BEGIN + "  all: { match: { hosts: [a.test] }, access: " + access + ", upstream: orders }\n";
    }

    private static Route route(Compiled compiled, String name) {
        return compiled.snapshot().routes().routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route " + name));
    }

    private static List<String> names(Compiled compiled) {
        return compiled.snapshot().routes().routes().stream().map(Route::name).toList();
    }

    private static Authenticator authenticator(Compiled compiled, String name) {
        return Objects.requireNonNull(BuiltPlugin.find(compiled.parts().authenticators(), name))
                .plugin();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ authenticate: [staf] } | access.authenticate[0]: no authenticator is called staf (did you mean `staff`?)",
                "{ optional: [staff, nobody-at-all] } | access.optional[1]: no authenticator is called nobody-at-all (expected: one of",
                "{ authenticate: [staff, staff] } | access.authenticate[1]: staff twice (expected: once)",
                "{ authenticate: [staff], optional: [partners] } | access.authenticate: beside `optional` (expected: at least one name",
                "{ authenticate: [] } | access.authenticate: none (expected: at least one name",
                "{ pass-credential: true } | access.authenticate: none (expected: at least one name",
                "{ authenticate: staff } | access.authenticate: staff (expected: a list",
                "{ authentcate: [staff] } | access.authentcate: unknown key (did you mean `authenticate`?)"
            })
    void refusesWhatCannotBeMeant(String access, String problem) {
        Compilation result = compile(route(access), null);
        assertThat(result).isInstanceOf(Compilation.Invalid.class);
        assertThat(result.problems()).extracting(ConfigProblem::toString).anyMatch(text -> text.contains(problem));
    }

    @Test
    void triesAuthenticatorsInWrittenOrder() {
        Compiled compiled = compiled(route("{ authenticate: [partners, staff] }"), null);
        AccessRule.Guarded rule = (AccessRule.Guarded) route(compiled, "all").access();
        assertThat(rule.authenticators())
                .containsExactly(authenticator(compiled, "partners"), authenticator(compiled, "staff"));
        assertThat(rule.optional()).isFalse();
        assertThat(((AccessRule.Guarded) route(compiled(route("{ optional: [staff] }"), null), "all")
                                .access())
                        .optional())
                .isTrue();
    }

    @Test
    void DP_04_aRouteForAnyHostNeedsAPublicUrl() {
        String any = BEGIN + "  all: { match: {}, access: { authenticate: [exact] }, upstream: orders }\n";
        assertThat(compile(any, null).problems())
                .extracting(ConfigProblem::toString)
                .anyMatch(text -> text.contains("exact goes by the public URL"));
        compiled(any.replace("127.0.0.1:8080\"", "127.0.0.1:8080\", public-url: \"https://a.test\""), null);
        compiled(route("{ authenticate: [exact] }"), null);
    }

    // ---- reloads

    @Test
    void anAuthenticatorGoesOnWhereNothingOfItChanged() {
        Compiled first = compiled(route("{ authenticate: [staff, partners] }"), null);
        Compiled second = compiled(
                route("{ authenticate: [staff, partners] }").replace("issuer: partners", "issuer: others"), first);
        assertThat(authenticator(second, "staff")).isSameAs(authenticator(first, "staff"));
        assertThat(authenticator(second, "partners")).isNotSameAs(authenticator(first, "partners"));
    }

    @Test
    void JW_20_anAuthenticatorIsMadeAnewWhenItsFileChanged() throws IOException {
        Compiled first = compiled(route("{ authenticate: [staff] }"), null);
        Files.writeString(folder.resolve("badges.txt"), "two\n");
        Compiled second = compiled(route("{ authenticate: [staff] }"), first);
        assertThat(authenticator(second, "staff")).isNotSameAs(authenticator(first, "staff"));
        assertThat(authenticator(second, "partners")).isSameAs(authenticator(first, "partners"));
    }

    @Test
    void aFileThatIsNotThereIsAProblem() throws IOException {
        Compiled first = compiled(route("{ authenticate: [staff] }"), null);
        Compilation second = Compilers.compile(
                route("{ authenticate: [staff] }").replace("badges.txt", "absent.txt"),
                folder,
                first,
                List.of(new Badges.Factory()));
        assertThat(second.problems())
                .extracting(ConfigProblem::toString)
                .anyMatch(text -> text.contains("authenticators.staff.file") && text.contains("no such file"));
    }

    // ---- what is served beside the configured routes

    @Test
    void pagesAndMetadataAreServedOnTheHostsThatNeedThem() {
        Compiled compiled = compiled(
                BEGIN
                        + "  one: { match: { hosts: [a.test], path: /one }, access: { authenticate: [staff] }, upstream: orders }\n"
                        + "  two: { match: { hosts: [b.test], path: /two }, access: { optional: [partners] }, upstream: orders }\n"
                        + "  open: { match: { hosts: [c.test] }, access: public, upstream: orders }\n",
                null);
        Route page = route(compiled, "staff.page");
        assertThat(page.match().hosts()).containsExactly("a.test");
        assertThat(page.match().path().text()).isEqualTo("/badge");
        assertThat(page.access()).isInstanceOf(AccessRule.Public.class);
        assertThat(page.forwarder()).isNull();
        assertThat(route(compiled, "sallyport.resource-metadata").match().hosts())
                .containsExactlyInAnyOrder("a.test", "b.test");
    }

    @Test
    void oneRouteForAnyHostHasThemServedEverywhere() {
        Compiled compiled = compiled(
                BEGIN
                        + "  one: { match: { hosts: [a.test] }, access: { authenticate: [staff] }, upstream: orders }\n"
                        + "  any: { match: {}, access: { authenticate: [staff] }, upstream: orders }\n",
                null);
        assertThat(route(compiled, "staff.page").match().hosts()).isEmpty();
    }

    @Test
    void aConfiguredRouteForTheSamePathComesFirst() {
        Compiled compiled = compiled(
                BEGIN
                        + "  one: { match: { hosts: [a.test, b.test] }, access: { authenticate: [staff] }, upstream: orders }\n"
                        + "  own: { match: { hosts: [a.test], path: /badge }, access: public, upstream: orders }\n"
                        + "  meta: { match: { hosts: [a.test, b.test], path: /.well-known/oauth-protected-resource }, access: public, upstream: orders }\n",
                null);
        assertThat(route(compiled, "staff.page").match().hosts()).containsExactly("b.test");
        assertThat(names(compiled)).doesNotContain("sallyport.resource-metadata");
    }

    @Test
    void anAuthenticatorThatNoRouteUsesServesNothing() {
        assertThat(names(compiled(route("public"), null))).containsExactly("all");
        assertThat(names(compiled(route("{ authenticate: [partners] }"), null)))
                .containsExactlyInAnyOrder("all", "sallyport.resource-metadata");
    }
}
