package dev.sallyport.extension.token.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.testing.FakeServices;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityHeadersTest {
    private static final PluginContext CONTEXT = new PluginContext("orders", 2, new FakeServices());

    private static Policy policy(Map<String, String> fields) throws PluginException {
        return new IdentityHeaders.Factory()
                .create(new IdentityHeaders.Config(fields), CONTEXT)
                .policies()
                .getFirst();
    }

    private static Principal caller(Map<String, ?> claims) {
        return new Principal("ada", "staff", null, Set.of("clerk", "admin"), Claims.of(claims), Credential.of("jwt"));
    }

    private static Exchange from(@Nullable Principal caller) {
        Exchange exchange = Exchanges.request().header("X-User-Id", "root").exchange();
        if (caller != null) {
            exchange.admitted("authenticated", caller);
        }
        return exchange;
    }

    private static Map<String, String> told(Exchange exchange) {
        HeaderEdits edits = exchange.requestEdits();
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < edits.additions(); i++) {
            fields.put(edits.name(i), edits.value(i));
        }
        return fields;
    }

    private static @Nullable String told(Object claim) throws PluginException {
        Exchange exchange = from(caller(Map.of("it", claim)));
        Policy policy = policy(Map.of("X-It", "principal.claims.it"));
        return policy.decide(exchange) instanceof Decision.Proceed
                ? told(exchange).get("X-It")
                : "refused";
    }

    @Test
    void tellsWhatIsKnownAndLeavesOutTheRest() throws PluginException {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("X-User-Id", "principal.id");
        fields.put("X-Tenant", "principal.tenant");
        fields.put("X-Roles", "principal.roles");
        fields.put("X-Source", "principal.authenticator");
        fields.put("X-City", "principal.claims.address.city");
        Exchange exchange = from(caller(Map.of("address", Map.of("city", "London"))));
        assertThat(policy(fields).decide(exchange)).isEqualTo(Decision.PROCEED);
        assertThat(told(exchange))
                .containsExactly(
                        Map.entry("X-User-Id", "ada"),
                        Map.entry("X-Roles", "admin,clerk"),
                        Map.entry("X-Source", "staff"),
                        Map.entry("X-City", "London"));
    }

    @Test
    void HD_06_removesWhatTheClientSentOfWhomeverItComes() throws PluginException {
        Policy policy = policy(Map.of("X-User-Id", "principal.claims.missing"));
        for (Principal caller : new @Nullable Principal[] {null, caller(Map.of())}) {
            Exchange exchange = from(caller);
            assertThat(policy.decide(exchange)).isEqualTo(Decision.PROCEED);
            assertThat(told(exchange)).isEmpty();
            assertThat(exchange.requestEdits().removes(exchange.request().headers(), 0))
                    .isTrue();
        }
    }

    /// A policy server may have been allowed to speak under the same name.
    @Test
    void HD_06_hasTheLastWord() throws PluginException {
        Exchange exchange = from(caller(Map.of()));
        exchange.requestEdits().add("x-user-id", "of a server");
        assertThat(policy(Map.of("X-User-Id", "principal.id")).decide(exchange)).isEqualTo(Decision.PROCEED);
        assertThat(told(exchange)).containsExactly(Map.entry("X-User-Id", "ada"));
    }

    @Test
    void JW_23_saysOfEachCallerWhatIsTrueOfThatOne() throws PluginException {
        Policy policy = policy(Map.of("X-User-Id", "principal.id"));
        List<Principal> callers = IntStream.range(0, 5000)
                .mapToObj(i -> new Principal("user-" + i, "staff", Set.of()))
                .toList();
        for (int round = 0; round < 2; round++) {
            for (Principal caller : callers) {
                Exchange exchange = from(caller);
                assertThat(policy.decide(exchange)).isEqualTo(Decision.PROCEED);
                assertThat(told(exchange)).containsEntry("X-User-Id", caller.id());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b|a%2Cb",
                "50%|50%25",
                "Zoë Ångström|Zo%C3%AB %C3%85ngstr%C3%B6m",
                "' lead'|%20lead",
                "a@b.example|a@b.example",
            })
    void JW_23_encodesWhatCouldBeReadInTwoWays(String claim, String value) throws PluginException {
        assertThat(told(claim)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin\r\nX-Role: root", "a\nb", "a\0b", "a\tb", "a\u007fb"})
    void JW_23_refusesControlCharacters(String claim) throws PluginException {
        assertThat(told(claim)).isEqualTo("refused");
        assertThat(told((Object) List.of("fine", claim))).isEqualTo("refused");
    }

    @Test
    void JW_23_aListIsNeverLongerThanTheClaim() throws PluginException {
        assertThat(told((Object) List.of("clerk", "x,admin"))).isEqualTo("clerk,x%2Cadmin");
        assertThat(told((Object) List.of("clerk", ""))).isEqualTo("refused");
    }

    @Test
    void refusesValuesBeyondMeasure() throws PluginException {
        assertThat(told("a".repeat(8192))).hasSize(8192);
        assertThat(told("a".repeat(8193))).isEqualTo("refused");
    }

    @Test
    void tellsNumbersAndTruthValuesButNoStructures() throws PluginException {
        assertThat(told(7L)).isEqualTo("7");
        assertThat(told(true)).isEqualTo("true");
        assertThat(told(Map.of("a", "b"))).isNull();
        assertThat(told((Object) List.of(Map.of("a", "b")))).isNull();
        assertThat(told("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Host", "Content-Length", "Connection", "X_User", "Cookie", "Forwarded"})
    void refusesFieldsThatSaySomethingElse(String name) {
        assertThatThrownBy(() -> policy(Map.of(name, "principal.id")))
                .isInstanceOf(PluginException.class)
                .hasMessageStartingWith(name + " (expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "id", "principal", "principal.claims.", "principal.Id", "request.path"})
    void refusesFactsThatThereAreNot(String fact) {
        assertThatThrownBy(() -> policy(Map.of("X-User-Id", fact)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining("principal.claims.NAME");
    }
}
