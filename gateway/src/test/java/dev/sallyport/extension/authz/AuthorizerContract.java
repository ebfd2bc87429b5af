package dev.sallyport.extension.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.testing.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every policy server's kind keeps to: nobody is let in without a decision, decisions are remembered for exactly
/// what was asked, and the server learns and changes no more than the configuration says.
public abstract class AuthorizerContract extends PolicyServerBench {
    // ---- decisions

    @Test
    void allowsWhatTheServerAllows() {
        Verdict verdict = judge(authorizer(), exchange());
        assertThat(verdict).isEqualTo(new Verdict.Allow("ask policy"));
    }

    @Test
    void deniesWhatTheServerDenies() {
        server.deny(0, "");
        Verdict verdict = judge(authorizer(), exchange());
        assertThat(code(verdict)).isEqualTo("403 policy-denied");
        assertThat(((Verdict.Deny) verdict).rule()).isEqualTo("ask policy");
    }

    @Test
    void aServerChoosesAmongFewStatuses() {
        Authorizer authorizer = authorizer();
        for (int status : new int[] {401, 403, 404, 429, 200, 302, 500, 599}) {
            server.deny(status, "");
            assertThat(code(judge(authorizer, exchange())))
                    .isEqualTo(
                            switch (status) {
                                case 401 -> "401 prove";
                                case 404, 429 -> status + " policy-denied";
                                default -> "403 policy-denied";
                            });
        }
    }

    @Test
    void reasonsAreToldOnlyWhereTheConfigurationSaysSo() {
        server.deny(0, "quota \u202e of acme\nis used up" + "!".repeat(300));
        Verdict.Deny silent = (Verdict.Deny) judge(authorizer(), exchange());
        assertThat(silent.reason().detail()).isEqualTo("The policy does not allow this request.");
        Verdict.Deny told = (Verdict.Deny) judge(authorizer("tell-reasons: true"), exchange());
        assertThat(told.reason().detail())
                .startsWith("quota   of acme is used up!")
                .hasSize(200);
    }

    @Test
    void noReasonIsNoneThoughItIsToBeTold() {
        server.deny(0, " ");
        Verdict.Deny denied = (Verdict.Deny) judge(authorizer("tell-reasons: true"), exchange());
        assertThat(denied.reason().detail()).isEqualTo("The policy does not allow this request.");
    }

    @Test
    void AZ_11_whatIsTheServersOwnBusinessIsNotTold() {
        server.deny(0, "");
        Verdict.Deny denied = (Verdict.Deny) judge(authorizer(), exchange());
        assertThat(denied.reason().told()).isEqualTo("access-denied");
        server.deny(404, "");
        Verdict.Deny hidden = (Verdict.Deny) judge(authorizer(), exchange());
        assertThat(hidden.reason().told()).isEqualTo("not-found");
    }

    @Test
    void anonymousCallersAreAskedAboutToo() {
        Exchange anonymous = request().exchange();
        anonymous.routed("orders", "/orders/{id}", new String[] {"id", "7"});
        assertThat(code(judge(authorizer(), anonymous))).isEqualTo("allowed");
        assertThat(server.lastQuestion()).doesNotContain("ada");
    }

    // ---- no decision, no pass

    @Test
    void AZ_11_aServerThatDoesNotAnswerInTimeLetsNobodyIn() {
        server.stall();
        assertThat(code(judge(authorizer("limits: { timeout: 100ms }"), exchange())))
                .isEqualTo("503 authorizer-unavailable");
    }

    @Test
    void AZ_11_anAnswerThatIsNoneLetsNobodyIn() {
        server.answerGarbage();
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
    }

    @Test
    void AZ_11_aHugeAnswerLetsNobodyIn() {
        server.answerTooMuch();
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
    }

    @Test
    void AZ_11_aRedirectIsNotFollowed() {
        server.redirect();
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void AZ_11_aServerThatFailsLetsNobodyIn() {
        server.fail();
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
    }

    @Test
    void AZ_11_aServerThatIsDownLetsNobodyIn() {
        Authorizer authorizer = authorizer();
        server.close();
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        assertThat(judge(authorizer, exchange())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void AZ_11_anAuthorizerThatWasClosedLetsNobodyIn() {
        Authorizer authorizer = authorizer("cache: { positive: 5s }");
        ((LongLived) authorizer).close();
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        assertThat(server.asked()).isZero();
    }

    @Test
    void aServerThatFailsRepeatedlyIsLeftAloneForATime() {
        Authorizer authorizer = authorizer("limits: { failures: 3, pause: 10s }");
        server.fail();
        for (int i = 0; i < 3; i++) {
            assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        }
        server.allow(Map.of());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        assertThat(server.asked()).isEqualTo(3);
        assertThat(events.toString(StandardCharsets.UTF_8)).contains("authorizer.failing", "policy");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        assertThat(events.toString(StandardCharsets.UTF_8)).contains("authorizer.recovered");
    }

    @Test
    void AZ_11_noMoreIsOpenThanAgreed() {
        Authorizer authorizer = authorizer("limits: { in-flight: 2, in-flight-per-network: 1 }");
        server.hold();
        Verdict first = authorizer.judge(exchange());
        assertThat(code(judge(authorizer, by(ADA, request().path("/other"))))).isEqualTo("503 authorizer-busy");
        Exchanges elsewhere =
                request().client(Exchanges.address("198.51.100.1")).path("/third");
        Verdict second = authorizer.judge(by(ADA, elsewhere));
        Exchanges third = request().client(Exchanges.address("203.0.113.1")).path("/fourth");
        assertThat(code(judge(authorizer, by(ADA, third)))).isEqualTo("503 authorizer-busy");
        server.release();
        assertThat(code(settled(first))).isEqualTo("allowed");
        assertThat(code(settled(second))).isEqualTo("allowed");
    }

    @Test
    void isReadyWhenItsServerIsThere() throws Exception {
        Authorizer authorizer = authorizer();
        ((LongLived) authorizer).start().toCompletableFuture().get(Eventually.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(server.asked()).isZero();
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
    }

    // ---- memory

    @Test
    void nothingIsRememberedUnlessTheConfigurationSaysSo() {
        Authorizer authorizer = authorizer();
        judge(authorizer, exchange());
        judge(authorizer, exchange());
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void decisionsAreRememberedForTheirTimes() {
        Authorizer authorizer = authorizer("cache: { positive: 5s, negative: 2s }");
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        server.deny(0, "");
        assertThat(authorizer.judge(exchange())).isInstanceOf(Verdict.Allow.class);
        nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("403 policy-denied");
        server.allow(Map.of());
        assertThat(authorizer.judge(exchange())).isInstanceOf(Verdict.Deny.class);
        assertThat(server.asked()).isEqualTo(2);
        nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        assertThat(server.asked()).isEqualTo(3);
    }

    @Test
    void denialsAreNotRememberedBecauseAllowancesAre() {
        Authorizer authorizer = authorizer("cache: { positive: 5s }");
        server.deny(0, "");
        judge(authorizer, exchange());
        server.allow(Map.of());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
    }

    @Test
    void allowancesAreNotRememberedBecauseDenialsAre() {
        Authorizer authorizer = authorizer("cache: { negative: 5s }");
        judge(authorizer, exchange());
        server.deny(0, "");
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("403 policy-denied");
    }

    /// An answer is as old as its question.
    @Test
    void AZ_06_theTimeCountsFromTheQuestion() {
        Authorizer authorizer = authorizer("cache: { positive: 5s }");
        server.hold();
        Verdict first = authorizer.judge(exchange());
        Eventually.until("a question", () -> server.asked() == 1);
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        server.release();
        assertThat(code(settled(first))).isEqualTo("allowed");
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        judge(authorizer, exchange());
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void failuresAreNotRemembered() {
        Authorizer authorizer = authorizer("cache: { positive: 5s, negative: 5s }");
        server.fail();
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        server.allow(Map.of());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
    }

    @Test
    void AZ_06_whatDiffersInAnythingThatIsToldIsAskedAbout() {
        Authorizer authorizer = authorizer("cache: { positive: 5s, negative: 5s }", "send: { headers: [x-channel] }");
        judge(authorizer, exchange());
        server.deny(0, "");
        List<Exchange> others = List.of(
                by(ADA, request().method(Method.HEAD)),
                by(ADA, request().authority("other.example.com", -1)),
                by(ADA, request().path("/orders/8")),
                by(ADA, request().header("X-Channel", "tv")),
                by(ADA, request().client(Exchanges.address("198.51.100.1"))),
                by(new Principal("ada", "staff", "globex", ADA.roles(), ADA.claims(), ADA.credential()), request()),
                by(new Principal("ada", "staff", "acme", Set.of("reader"), ADA.claims(), ADA.credential()), request()),
                by(new Principal("ada", "guests", "acme", ADA.roles(), ADA.claims(), ADA.credential()), request()));
        for (Exchange other : others) {
            assertThat(code(judge(authorizer, other))).isEqualTo("403 policy-denied");
        }
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
    }

    @Test
    void AZ_06_anotherCallerOrCredentialIsAskedAboutThoughNothingOfItIsTold() {
        Authorizer authorizer =
                authorizer("cache: { positive: 5s, negative: 5s }", "send: { request: [method], caller: [] }");
        judge(authorizer, exchange());
        server.deny(0, "");
        Credential fresh = new Credential("jwt", "https://id.example.com", "t-2", "shop", "k1", 0, Credential.NEVER);
        Principal again = new Principal("ada", "staff", "acme", ADA.roles(), ADA.claims(), fresh);
        assertThat(code(judge(authorizer, by(again, request())))).isEqualTo("403 policy-denied");
        Principal other = new Principal("bob", "staff", "acme", ADA.roles(), ADA.claims(), ADA.credential());
        assertThat(code(judge(authorizer, by(other, request())))).isEqualTo("403 policy-denied");
        assertThat(code(judge(authorizer, request().exchange()))).isEqualTo("403 policy-denied");
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        assertThat(server.asked()).isEqualTo(4);
    }

    @Test
    void AZ_06_eachPartOfWhatIsKnownOfACallerTellsItApart() {
        Authorizer authorizer = authorizer("cache: { positive: 5s }", "send: { request: [method], caller: [] }");
        judge(authorizer, exchange());
        List<Credential> credentials = List.of(
                new Credential("basic", "https://id.example.com", "t-1", "shop", "k1", 0, Credential.NEVER),
                new Credential("jwt", "https://id.example.org", "t-1", "shop", "k1", 0, Credential.NEVER),
                new Credential("jwt", null, "t-1", "shop", "k1", 0, Credential.NEVER),
                new Credential("jwt", "https://id.example.com", "t-1", "till", "k1", 0, Credential.NEVER),
                new Credential("jwt", "https://id.example.com", "t-1", "shop", "k2", 0, Credential.NEVER),
                new Credential("jwt", "https://id.example.com", "t-1", "shop", "k1", 7, Credential.NEVER),
                new Credential("jwt", "https://id.example.com", "t-1", "shop", "k1", 0, Credential.NEVER - 1),
                new Credential("jwt", "https://id.example.com", "t-1s", "hop", "k1", 0, Credential.NEVER));
        List<Principal> others = new ArrayList<>(List.of(
                new Principal("ada", "guests", "acme", ADA.roles(), ADA.claims(), ADA.credential()),
                new Principal("adas", "taff", "acme", ADA.roles(), ADA.claims(), ADA.credential()),
                new Principal("ada", "staff", "globex", ADA.roles(), ADA.claims(), ADA.credential()),
                new Principal("ada", "staff", null, ADA.roles(), ADA.claims(), ADA.credential())));
        credentials.forEach(
                credential -> others.add(new Principal("ada", "staff", "acme", ADA.roles(), ADA.claims(), credential)));
        for (int i = 0; i < others.size(); i++) {
            judge(authorizer, by(others.get(i), request()));
            assertThat(server.asked()).as(others.get(i).toString()).isEqualTo(2 + i);
        }
    }

    /// What the configuration makes of a request is told: the name of its route, say.
    @Test
    void AZ_06_aReloadForgetsNothingThatIsStillTrue() {
        Authorizer authorizer = authorizer("cache: { positive: 5s }");
        judge(authorizer, exchange());
        Exchange reloaded = exchange();
        reloaded.configVersion("2-def");
        assertThat(code(judge(authorizer, reloaded))).isEqualTo("allowed");
        assertThat(server.asked()).isEqualTo(1);
        Exchange elsewhere = exchange();
        elsewhere.routed("other", "/orders/{id}", new String[] {"id", "7"});
        judge(authorizer, elsewhere);
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void nothingIsRememberedBeyondTheCredential() {
        Authorizer authorizer = authorizer("cache: { positive: 5m }");
        services.at(NOW);
        Principal brief = ada(NOW.plusSeconds(30).getEpochSecond());
        judge(authorizer, by(brief, request()));
        nanos.addAndGet(Duration.ofSeconds(29).toNanos());
        assertThat(authorizer.judge(by(brief, request()))).isInstanceOf(Verdict.Allow.class);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        judge(authorizer, by(brief, request()));
        assertThat(server.asked()).isEqualTo(2);
    }

    @Test
    void oneQuestionServesAllWhoAskTheSameAtOnce() {
        Authorizer authorizer = authorizer();
        server.hold();
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            verdicts.add(authorizer.judge(exchange()));
        }
        server.release();
        assertThat(verdicts)
                .allSatisfy(verdict -> assertThat(code(settled(verdict))).isEqualTo("allowed"));
        assertThat(server.asked()).isEqualTo(1);
    }

    @Test
    void manyDifferentQuestionsAreAnsweredAtOnce() {
        Authorizer authorizer = authorizer();
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            verdicts.add(authorizer.judge(by(ADA, request().path("/orders/" + i))));
        }
        assertThat(verdicts)
                .allSatisfy(verdict -> assertThat(code(settled(verdict))).isEqualTo("allowed"));
        assertThat(server.asked()).isEqualTo(50);
    }

    @Test
    void aServerThatComesBackIsAskedAgain() {
        Authorizer authorizer = authorizer("limits: { timeout: 300ms }");
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
        server.stall();
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("503 authorizer-unavailable");
        server.allow(Map.of());
        assertThat(code(judge(authorizer, exchange()))).isEqualTo("allowed");
    }

    // ---- what is told and what is given

    @Test
    void noCredentialIsTold() {
        judge(authorizer(), exchange());
        assertThat(server.lastQuestion())
                .contains("/orders/7", "ada", "acme", "clerk", "orders", "GET", "shop.example.com", "192.0.2.7")
                .doesNotContain("t0ken", "a=b", "hidden", "page=2", "web", "t-1");
        assertThat(server.lastField("cookie")).isEmpty();
    }

    @Test
    void whatIsNamedIsTold() {
        judge(
                authorizer("send: { request: [method, query, path], caller: [id, credential], claims: [groups],"
                        + " headers: [X-Channel, authorization] }"),
                exchange());
        assertThat(server.lastQuestion())
                .contains("page=2", "web", "app", "Bearer t0ken", "g1", "t-1")
                .doesNotContain("hidden", "clerk", "acme", "192.0.2.7", "shop.example.com");
    }

    @Test
    void questionsCarryTheIdOfTheRequest() {
        judge(authorizer(), exchange());
        assertThat(server.lastField("x-request-id")).isEqualTo("0123456789abcdeffedcba9876543210");
        assertThat(server.lastField("traceparent"))
                .isEqualTo("00-00000000000000010000000000000002-0000000000000003-01");
    }

    @Test
    void HD_06_onlyNamedFieldsAreGivenAndClientsCannotSendThem() {
        server.allow(Map.of("x-channel", "checked", "x-evil", "1", "host", "evil.example.com"));
        Exchange exchange = exchange();
        judge(authorizer("headers: [X-Channel]"), exchange);
        assertThat(given(exchange)).containsExactly("x-channel: checked");
        assertThat(takesAway(exchange, 2)).isTrue();
        assertThat(takesAway(exchange, 3)).isTrue();
        assertThat(takesAway(exchange, 0)).isFalse();
    }

    @Test
    void HD_06_namedFieldsOfClientsAreTakenAwayThoughNoneIsGiven() {
        Exchange exchange = exchange();
        Authorizer authorizer = authorizer("headers: [x-channel]", "cache: { positive: 5s, negative: 5s }");
        judge(authorizer, exchange);
        assertThat(given(exchange)).isEmpty();
        assertThat(takesAway(exchange, 2)).isTrue();
        Exchange remembered = exchange();
        assertThat(authorizer.judge(remembered)).isInstanceOf(Verdict.Allow.class);
        assertThat(takesAway(remembered, 2)).isTrue();
    }

    /// In shadow mode a request goes on that was denied or could not be decided.
    @Test
    void HD_06_namedFieldsOfClientsAreTakenAwayWhateverIsDecided() {
        Authorizer authorizer = authorizer("headers: [x-channel]");
        server.deny(0, "");
        Exchange denied = exchange();
        judge(authorizer, denied);
        assertThat(takesAway(denied, 2)).isTrue();
        server.fail();
        Exchange undecided = exchange();
        judge(authorizer, undecided);
        assertThat(takesAway(undecided, 2)).isTrue();
    }

    /// One of several servers that are asked has the last word on its fields, and so has the gateway behind them.
    @Test
    void HD_06_aFieldIsGivenByOneServer() {
        server.allow(Map.of("x-channel", "checked"));
        Authorizer authorizer = authorizer("headers: [x-channel]");
        Exchange exchange = exchange();
        exchange.requestEdits().add("X-Channel", "of another");
        judge(authorizer, exchange);
        assertThat(given(exchange)).containsExactly("x-channel: checked");
    }

    @Test
    void exchangesThatGoOnAreNotEditedAgain() {
        server.allow(Map.of("x-channel", "checked"));
        Authorizer authorizer = authorizer("headers: [x-channel]", "recheck: 7s");
        Exchange exchange = exchange();
        judge(authorizer, exchange);
        exchange.admitted("ask policy", ADA);
        judge(authorizer, exchange);
        assertThat(given(exchange)).containsExactly("x-channel: checked");
        assertThat(server.asked()).isEqualTo(2);
        assertThat(authorizer.holdsForSeconds()).isEqualTo(7);
    }

    @Test
    void moreFieldsThanARequestHasRoomForAreNoAnswer() {
        server.allow(Map.of("x-a", "a".repeat(5000), "x-b", "b".repeat(5000)));
        Exchange exchange = exchange();
        assertThat(code(judge(authorizer("headers: [x-a, x-b]"), exchange))).isEqualTo("503 authorizer-unavailable");
        assertThat(given(exchange)).isEmpty();
    }

    @Test
    void moreFieldsOrLongerOnesThanAnybodyHasAreNoAnswer() {
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("x-" + i, "1");
        }
        server.allow(many);
        assertThat(code(judge(authorizer("headers: [" + String.join(", ", many.keySet()) + "]"), exchange())))
                .isEqualTo("503 authorizer-unavailable");
        server.allow(Map.of("x-a", "a".repeat(9000)));
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
        server.allow(Map.of("x-" + "a".repeat(300), "1"));
        assertThat(code(judge(authorizer(), exchange()))).isEqualTo("503 authorizer-unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-user", "X-Forwarded-For", "x_user", "X-Original-URL", "x-client-cert"})
    void HD_06_whatClientsSayOfThemselvesIsNeverTold(String field) {
        assertThatThrownBy(() -> made("send: { headers: [%s] }".formatted(field)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(field.toLowerCase(Locale.ROOT) + " (expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "Content-Length", "connection", "x_user", "traceparent"})
    void SM_25_whatIsTheGatewaysOwnBusinessIsNotGiven(String field) {
        assertThatThrownBy(() -> made("headers: [%s]".formatted(field)))
                .isInstanceOf(PluginException.class)
                .hasMessageContaining(field.toLowerCase(Locale.ROOT) + " (expected: ");
    }

    @Test
    void SM_25_aFieldThatCannotStandInAMessageIsNoAnswer() {
        server.allow(Map.of("x-channel", "a\r\nx-evil: 1"));
        Exchange exchange = exchange();
        assertThat(code(judge(authorizer("headers: [x-channel]"), exchange))).isEqualTo("503 authorizer-unavailable");
        assertThat(given(exchange)).isEmpty();
    }

    // ---- figures

    @Test
    void figuresAreStated() {
        Authorizer authorizer = authorizer("cache: { positive: 5s, negative: 5s }");
        judge(authorizer, exchange());
        judge(authorizer, exchange());
        server.deny(0, "");
        judge(authorizer, by(ADA, request().path("/x")));
        server.fail();
        judge(authorizer, by(ADA, request().path("/y")));
        Map<String, Double> figures = new TreeMap<>();
        ((MetricSource) authorizer)
                .collect((metric, value, labels) -> figures.put(metric.name() + String.join(",", labels), value));
        assertThat(figures)
                .containsEntry("sallyport.authorizer.decisionspolicy,allowed", 2.0)
                .containsEntry("sallyport.authorizer.decisionspolicy,denied", 1.0)
                .containsEntry("sallyport.authorizer.decisionspolicy,undecided", 1.0)
                .containsEntry("sallyport.authorizer.questionspolicy,asked", 3.0)
                .containsEntry("sallyport.authorizer.questionspolicy,remembered", 1.0)
                .containsEntry("sallyport.authorizer.failurespolicy", 1.0)
                .containsEntry("sallyport.authorizer.activepolicy", 0.0);
    }
}
