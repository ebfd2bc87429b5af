package dev.sallyport.extension.authz.opa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authz.AuthorizerContract;
import dev.sallyport.extension.authz.FakePolicyServer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpaTest extends AuthorizerContract {
    @SuppressWarnings("NullAway.Init") // before each test
    private FakeOpa opa;

    @Override
    protected FakePolicyServer startServer() {
        opa = new FakeOpa();
        return opa;
    }

    @Override
    protected PluginFactory<?, Authorizer> factory(LongSupplier clock) {
        return new OpaFactory(log, clock);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '→', quoteCharacter = '\0', textBlock = """
            {"result": true} → allowed
            {"result": false} → denied
            {} → denied
            {"decision_id": "x"} → denied
            {"result": {}} → denied
            {"result": {"allow": true}} → allowed
            {"result": {"allow": false}} → denied
            {"result": {"allow": true, "reason": 3, "other": [1]}} → allowed
            {"result": {"allow": "true"}} → undecided
            {"result": {"allow": 1}} → undecided
            {"result": {"allow": [true]}} → undecided
            {"result": {"allow": true, "headers": ["x"]}} → undecided
            {"result": {"allow": true, "headers": {"x": 1}}} → undecided
            {"result": {"allow": true, "headers": {"x y": "1"}}} → undecided
            {"result": null} → undecided
            {"result": "true"} → undecided
            {"result": [true]} → undecided
            {"result": true, "result": false} → undecided
            [true] → undecided
            true → undecided
            """)
    void AZ_05_onlyTrueAllows(String body, String outcome) {
        opa.answer(body);
        Verdict verdict = judge(authorizer(), exchange());
        assertThat(
                        switch (verdict) {
                            case Verdict.Allow _ -> "allowed";
                            case Verdict.Deny _ -> "denied";
                            case Verdict.Undecided _ -> "undecided";
                            case Verdict.Prove _, Verdict.Await _ -> "other";
                        })
                .isEqualTo(outcome);
    }

    @Test
    void theDecisionMayBeElsewhere() {
        opa.answer("{\"result\": {\"allow\": false, \"http\": {\"ok\": true}}}");
        assertThat(judge(authorizer("decision: http.ok"), exchange())).isInstanceOf(Verdict.Allow.class);
    }

    @Test
    void anAnswerOfAnotherTypeIsNone() {
        opa.answer(200, "text/html", "{\"result\": true}");
        assertThat(judge(authorizer(), exchange())).isInstanceOf(Verdict.Undecided.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 404, 429, 500, 503})
    void AZ_11_onlyStatus200Answers(int status) {
        opa.answer(status, "application/json", "{\"result\": true}");
        assertThat(judge(authorizer(), exchange())).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void theServerIsShownItsToken() {
        judge(authorizer("token: \"${env:OPA}\""), exchange());
        assertThat(opa.lastField("authorization")).isEqualTo("Bearer opa-secret");
        assertThat(opa.lastField("content-type")).isEqualTo("application/json");
    }

    @Test
    void theQuestionIsJson() {
        judge(
                authorizer("send: { request: [method, scheme, host, path, query, path-parameters, route, address,"
                        + " protocol], caller: [id, authenticator, tenant, roles, credential], claims: [groups],"
                        + " headers: [x-channel] }"),
                exchange());
        String question = opa.lastQuestion();
        assertThat(StrictJson.object(question.getBytes(StandardCharsets.UTF_8))).isNotNull();
        assertThat(question)
                .isEqualTo(
                        "{\"input\":{\"request\":{\"method\":\"GET\",\"scheme\":\"http\",\"host\":\"shop.example.com\","
                                + "\"path\":\"/orders/7\",\"query\":\"page=2\",\"protocol\":\"HTTP/1.1\","
                                + "\"headers\":{\"x-channel\":[\"web\",\"app\"]}},"
                                + "\"route\":{\"name\":\"orders\",\"parameters\":{\"id\":\"7\"}},"
                                + "\"client\":{\"address\":\"192.0.2.7\"},"
                                + "\"principal\":{\"id\":\"ada\",\"authenticator\":\"staff\",\"tenant\":\"acme\","
                                + "\"roles\":[\"clerk\",\"reader\"],"
                                + "\"credential\":{\"kind\":\"jwt\",\"issuer\":\"https://id.example.com\",\"id\":\"t-1\","
                                + "\"client\":\"shop\"},\"claims\":{\"groups\":[\"g1\"]}}}}");
    }
}
