package dev.sallyport.extension.condition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.api.expression.ExpressionException;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with a condition is said when it is loaded, with its place and what would be right.
class ConditionProblemsTest {
    private static String problems(String text) {
        ExpressionException found = catchThrowableOfType(
                ExpressionException.class, () -> new CelExpressions(() -> Asked.NOW).condition(text));
        assertThat(found).as(text).isNotNull();
        return found.problems().stream()
                .map(one -> one.offset() + ": " + one.message() + (one.hint().isEmpty() ? "" : "; " + one.hint()))
                .collect(Collectors.joining(" / "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            princpal.id == "x" → 0: unknown name princpal; did you mean `principal`?
            principal.tennant == "x" → 10: unknown field tennant; did you mean `tenant`?
            principal.credential.isuer == "x" → 21: unknown field isuer; did you mean `issuer`?
            principal.id.startWith("a") → 22: unknown name startWith; did you mean `startsWith`?
            principal.id → 9: is of type string; expected: bool
            principal.id == 3 → 13: `==` cannot be used with (string, int); expected: one of (T, T)
            principal.id == → 15: ends too early
            principal.id = "x" → 13: `=` is no part of an expression; did you mean `==`? / 15: `"x"` cannot stand here
            behaviour.lvl == "hostile" → 10: unknown field lvl; expected: one of level, score
            headers["X-Channel"] == "web" → 7: X-Channel: header names are in lower case here; did you mean `x-channel`?
            headers.authorization == "x" → 7: header authorization is not for conditions: it is a credential, or anybody can claim anything in it; expected: `principal`, `client` or another header
            "x-forwarded-for" in headers → 18: header x-forwarded-for is not for conditions: it is a credential, or anybody can claim anything in it; expected: `principal`, `client` or another header
            headers["x_role"] == "x" → 7: header x_role is not for conditions: it is a credential, or anybody can claim anything in it; expected: `principal`, `client` or another header
            request.path.matches("(a") → 21: the regular expression (a: missing closing ); expected: RE2 syntax
            request.path.matches(query.q) → 26: a regular expression that is no literal; expected: a literal text
            client.address.inRange("10.0.0.0/64") → 23: no address range; 10.0.0.0/64 (expected: a prefix length of 0 to 32)
            client.address.inRange(query.range) → 28: an address range that is no literal; expected: a literal text or a list of them
            time.now > timestamp("yesterday") → 20: timestamp of yesterday has no value; expected: a time such as 2026-01-31T12:00:00Z
            time.now.getHours("Berlin") == 1 → 17: getHours of Berlin has no value; expected: a time zone such as Europe/Berlin
            principal.roles.exists(path, path == "x") → 22: path is the name of a variable; expected: another name for the items
            Principal{id: "x"}.id == "x" → 9: `{…}` makes a message; expected: an expression without messages
            """)
    void areTold(String text, String problems) {
        assertThat(problems(text)).isEqualTo(problems);
    }

    @Test
    void allAtOnce() {
        assertThat(problems("princpal.id == 'x' && reqest.path == 'y'"))
                .isEqualTo("0: unknown name princpal; did you mean `principal`? / "
                        + "22: unknown name reqest; did you mean `request`?");
    }

    @Test
    void offsetsCountCharactersOverLinesAndBeyondTheBasicPlane() {
        assertThat(problems("principal.id == '😀' &&\n  princpal.id == 'x'")).startsWith("26: unknown name princpal");
    }

    @Test
    void AZ_11_whatCostsTooMuchIsNotLoaded() {
        assertThat(problems("a".repeat(5000)))
                .isEqualTo("4096: 5000 characters; expected: an expression of at most 4096");
        assertThat(problems("(".repeat(200) + "true" + ")".repeat(200))).isNotEmpty();
        assertThat(problems("request.path.matches('(((a{30}){30}){30})')")).contains("too large");
        assertThat(problems("principal.roles.all(a, principal.roles.all(b, principal.roles.all(c, a == b)))"))
                .contains("loops within loops within loops");
    }

    @Test
    void AZ_11_manyPartsAndLongPatternsAreNotLoaded() {
        assertThat(problems("[" + "1,".repeat(1200) + "1] == []")).isNotEmpty();
        assertThat(problems("request.path.matches('" + "a".repeat(513) + "')")).contains("more than 512 characters");
    }

    /// Wherever in an expression it stands.
    @Test
    void HD_06_whatAnybodyCanClaimIsNamedNowhere() {
        String told = "header authorization is not for conditions";
        assertThat(problems("headers_all.authorization == []")).contains(told);
        assertThat(problems("\"authorization\" in headers_all")).contains(told);
        assertThat(problems("[headers.authorization].exists(h, h == 'x')")).contains(told);
        assertThat(problems("principal.roles.exists(r, r == headers.authorization)"))
                .contains(told);
        assertThat(problems("authenticated ? true : headers['authorization'] == 'x'"))
                .contains(told);
    }

    @Test
    void aConstantIsTriedAsItStandsThere() {
        assertThat(problems("int('1\") > int(\"1') == 1")).contains("has no value");
        assertThat(problems("int('1\\\\') == 1")).contains("has no value");
        assertThat(problems("int('1\\n') == 1")).contains("has no value");
    }

    @Test
    void pathParametersAreToldSoThatRoutesCanBeChecked() {
        assertThat(Asked.condition("path.a == 'x' && path['b'] == 'y' && (!has(path.c) || path.c == 'z')")
                        .pathParameters())
                .isEqualTo(Set.of("a", "b"));
        assertThat(Asked.condition("'d' in path").pathParameters()).isEmpty();
    }
}
