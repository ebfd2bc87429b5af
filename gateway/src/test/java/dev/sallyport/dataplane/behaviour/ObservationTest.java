package dev.sallyport.dataplane.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.telemetry.EventLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ObservationTest {
    private static final String ADDRESS = "203.0.113.7";
    private static final Principal ANNA = new Principal("anna", "staff", Set.of());

    private long now = TimeUnit.HOURS.toNanos(1);
    private final Conducts conducts = new Conducts(List.of(), () -> now, EventLog.SILENT, Runnable::run);
    private final Observation observation = new Observation(conducts);
    private final Register register = new Register(conducts);
    private long number;

    private static Rules rules() {
        Map<Signal, Rules.Weight> weights = new EnumMap<>(Signal.class);
        for (Signal signal : Signal.values()) {
            double weight = signal == Signal.UPSTREAM_DENIED ? 7 : signal.usualWeight();
            weights.put(signal, new Rules.Weight(weight, signal.usualHalfLife().toNanos()));
        }
        return new Rules(
                weights,
                new Rules.Levels(
                        new Rules.Terms(30, 250, 0, null),
                        new Rules.Terms(100, 100, 0, null),
                        TimeUnit.MINUTES.toNanos(5),
                        null),
                new Rules.Networks(32, 64, 24, 48, 8),
                new Rules.Guesses(30, 0, 0),
                new Rules.Siege(0.5, 100, 0),
                new Rules.Capacity(1000, List.of("authorization")));
    }

    @BeforeEach
    void watch() {
        conducts.use(rules());
    }

    private static ClientConnection connection(String peer) {
        return new ClientConnection(new InetSocketAddress(InetAddress.ofLiteral(peer), 4711), "public", null, null);
    }

    private Exchange exchange(ClientConnection connection, String address, String credential) {
        Headers headers = credential.isEmpty() ? Headers.EMPTY : Headers.of("authorization", credential);
        CanonicalRequest request = new CanonicalRequest(
                Method.GET, "https", new Authority("a.test", -1), "/", 0, null, headers, HttpVersion.HTTP_1_1);
        return new Exchange(
                request,
                connection,
                Runnable::run,
                0,
                new Exchange.Origin(
                        InetAddress.ofLiteral(address), new TraceContext(1, 2, 3, 0, false), 1, number++, 1, 0));
    }

    private Exchange exchange(String credential) {
        return exchange(connection(ADDRESS), ADDRESS, credential);
    }

    private void refused(Exchange exchange, int status, String code) {
        exchange.refused(Refusal.of(status, code, "", ""));
        exchange.status(status);
        observation.record(exchange);
    }

    private Exchange served(Exchange exchange, @Nullable Principal caller) {
        if (caller != null) {
            exchange.admitted("authenticated", caller);
        }
        exchange.status(200);
        observation.record(exchange);
        return exchange;
    }

    private double score(String key) {
        return register.show(key).getFirst().score();
    }

    @ParameterizedTest
    @CsvSource({
        "401, token-signature, 10",
        "401, credential-revoked, 10",
        "401, credential-missing, 0",
        "401, token-expired, 0",
        "401, credential-expired, 0",
        "401, session-ended, 0",
        "401, proof-nonce, 0",
        "403, basic-in-the-clear, 3",
        "404, route-unknown, 1",
        "405, method-not-allowed, 1",
        "421, host-unknown, 1",
        "400, path-ambiguous, 2",
        "431, head-too-large, 2",
        "429, busy, 0",
        "429, behaviour-hostile, 0",
        "401, behaviour-strength, 0",
        "503, policy-undecided, 0",
        "500, internal, 0"
    })
    void refusalsCountAsWhatTheyAre(int status, String code, double score) {
        refused(exchange(""), status, code);
        assertThat(Math.round(score(ADDRESS))).isEqualTo(Math.round(score));
    }

    @Test
    void aLimitThatRefusesAndARuleThatWantsMoreAreNoFailures() {
        Exchange limited = exchange("");
        limited.limited("per-address");
        refused(limited, 429, "limit-exceeded");
        assertThat(score(ADDRESS)).isBetween(0.19, 0.21);
        Exchange denied = exchange("");
        denied.denied("require orders:read");
        refused(denied, 401, "insufficient-user-authentication");
        assertThat(score(ADDRESS)).isBetween(0.19, 0.21);
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void ofFailuresOnlyThoseThatTheClientCausedCount(Failure failure) {
        Exchange exchange = exchange("");
        exchange.failed(failure);
        observation.record(exchange);
        boolean counts = failure == Failure.REQUEST_MALFORMED || failure == Failure.REQUEST_TOO_LARGE;
        assertThat(score(ADDRESS) > 0).isEqualTo(counts);
    }

    @ParameterizedTest
    @EnumSource(RequestFault.class)
    void slowRequestsAreNoSignal(RequestFault fault) {
        observation.recordFault(connection(ADDRESS), fault);
        assertThat(score(ADDRESS) > 0).isEqualTo(fault.status() != 408);
    }

    @Test
    void answersOfUpstreamsAndOfTheGatewayItselfCount() {
        Exchange unknown = exchange("");
        unknown.attempted("app", "127.0.0.1:1", 0);
        unknown.responded(404, 1);
        served(unknown, null);
        assertThat(Math.round(score(ADDRESS))).isEqualTo(1);
        Exchange denied = exchange("");
        denied.attempted("app", "127.0.0.1:1", 0);
        denied.responded(401, 1);
        served(denied, null);
        assertThat(Math.round(score(ADDRESS))).isEqualTo(8);
        Exchange client = exchange("");
        client.status(401);
        observation.record(client);
        assertThat(Math.round(score(ADDRESS))).isEqualTo(18);
    }

    @Test
    void errorsOfAnUpstreamCountWhileItServesOthersWellAndNotWhenItIsDown() {
        number = 0;
        for (int i = 0; i < 1600; i++) {
            Exchange fine = exchange(connection("198.51.100.7"), "198.51.100.7", "");
            fine.attempted("good", "127.0.0.1:1", 0);
            fine.responded(200, 1);
            served(fine, null);
        }
        for (int i = 0; i < 5; i++) {
            for (String upstream : List.of("good", "bad")) {
                Exchange broken = exchange("");
                broken.attempted(upstream, "127.0.0.1:1", 0);
                broken.responded(500, 1);
                served(broken, null);
            }
        }
        assertThat(Math.round(score(ADDRESS))).isEqualTo(5);
        for (int i = 0; i < 1000; i++) {
            Exchange broken = exchange(connection("198.51.100.9"), "198.51.100.9", "");
            broken.attempted("bad", "127.0.0.1:1", 0);
            broken.responded(503, 1);
            served(broken, null);
        }
        assertThat(score("198.51.100.9")).isZero();
    }

    @Test
    void aCredentialThatDidWellThereIsNoGuessAndNeitherIsItElsewhereMoreThanAGuess() {
        served(exchange("Bearer t1"), ANNA);
        refused(exchange("Bearer t1"), 401, "token-inactive");
        assertThat(score(ADDRESS)).isZero();
        refused(exchange("Bearer t2"), 401, "token-inactive");
        assertThat(Math.round(score(ADDRESS))).isEqualTo(10);
        refused(exchange(connection("198.51.100.7"), "198.51.100.7", "Bearer t1"), 401, "token-inactive");
        assertThat(Math.round(score("198.51.100.7"))).isEqualTo(10);
    }

    @Test
    void onlyRequestsThatWereLetInAndServedMakeKnown() {
        Exchange limited = exchange("Bearer t1");
        limited.admitted("authenticated", ANNA);
        refused(limited, 503, "upstream-no-endpoint");
        Exchange proven = exchange("Bearer t1");
        proven.authenticated(ANNA);
        served(proven, null);
        Exchange broken = exchange("Bearer t1");
        broken.admitted("authenticated", ANNA);
        broken.failed(Failure.TOTAL_TIMEOUT);
        observation.record(broken);
        refused(exchange("Bearer t1"), 401, "token-inactive");
        assertThat(Math.round(score(ADDRESS))).isEqualTo(10);
    }

    @Test
    void aConnectionIsItsClientsOwnUntilSomethingSpeaksAgainstIt() {
        ClientConnection own = connection(ADDRESS);
        ClientConnection proxy = connection("10.0.0.1");
        served(exchange(own, ADDRESS, "Bearer t1"), ANNA);
        served(exchange(proxy, ADDRESS, "Bearer t1"), ANNA);
        assertThat(own.didWell()).isTrue();
        assertThat(proxy.didWell()).isFalse();
        refused(exchange(own, ADDRESS, ""), 404, "route-unknown");
        assertThat(own.didWell()).isFalse();
        served(exchange(connection(ADDRESS), ADDRESS, "Bearer t1"), ANNA);
        assertThat(own.didWell()).isFalse();
    }

    @Test
    void whatACallerWasProvenToHaveDoneIsNotItsAddresses() {
        Exchange denied = exchange("Bearer t1");
        denied.authenticated(ANNA);
        denied.denied("require orders:write");
        refused(denied, 403, "requirement-unmet");
        assertThat(Math.round(score("staff/anna"))).isEqualTo(3);
        assertThat(score(ADDRESS)).isZero();
        Exchange revoked = exchange("Bearer t2");
        revoked.authenticated(ANNA);
        refused(revoked, 401, "credential-revoked");
        assertThat(Math.round(score("staff/anna"))).as("a stolen one may be").isEqualTo(3);
        assertThat(Math.round(score(ADDRESS))).isEqualTo(10);
    }

    @Test
    void nothingIsNotedWhileNobodyAsksForIt() {
        conducts.use(null);
        refused(exchange(""), 401, "token-signature");
        conducts.use(rules());
        assertThat(score(ADDRESS)).isZero();
    }

    @Test
    void topHasTheWorstFirst() {
        refused(exchange(""), 404, "route-unknown");
        for (int i = 0; i < 4; i++) {
            refused(exchange(connection("198.51.100.7"), "198.51.100.7", ""), 401, "token-signature");
        }
        assertThat(register.top(10).stream().map(Register.Entry::key))
                .containsExactly("198.51.100.7", "198.51.100.0/24", "203.0.113.0/24", ADDRESS);
        assertThat(register.top(1)).hasSize(1);
        now += TimeUnit.DAYS.toNanos(1);
        assertThat(register.top(10)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, true",
        "203.0.113.7/32, true",
        "203.0.113.0/24, true",
        "203.0.113.0/25, false",
        "2001:db8::1, true",
        "2001:db8::/64, true",
        "2001:db8::/48, true",
        "2001:db8::/56, false",
        "staff/anna, true",
        "anna, false",
        "/anna, false",
        "staff/, false",
        "'', false"
    })
    void keysAreAddressesNetworksAndNames(String key, boolean means) {
        assertThat(register.means(key)).isEqualTo(means);
    }
}
