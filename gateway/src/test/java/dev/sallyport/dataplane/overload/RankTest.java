package dev.sallyport.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.traffic.Priority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankTest {
    private static int rank(Priority priority, boolean known, Level level) {
        CanonicalRequest request = new CanonicalRequest(
                Method.GET,
                "http",
                new Authority("gateway.test", -1),
                "/",
                0,
                null,
                Headers.EMPTY,
                HttpVersion.HTTP_1_1);
        InetAddress address = InetAddress.getLoopbackAddress();
        Exchange exchange = new Exchange(
                request,
                new ClientConnection(new InetSocketAddress(address, 4711), "public", null, null),
                Runnable::run,
                0,
                new Exchange.Origin(address, new TraceContext(1, 1, 1, 0, false), 1, 1, 1, 1));
        if (known) {
            exchange.authenticated(new Principal("anna", "staff", Set.of()));
        }
        exchange.conduct(new Conduct(level, 0, Conduct.WHOLE));
        return Rank.of(priority, exchange);
    }

    @Test
    void RL_12_trustDecidesWithinAPriority() {
        assertThat(List.of(
                        rank(Priority.NORMAL, true, Level.SUSPICIOUS),
                        rank(Priority.NORMAL, false, Level.NORMAL),
                        rank(Priority.NORMAL, true, Level.NORMAL),
                        rank(Priority.NORMAL, true, Level.TRUSTED)))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(rank(Priority.NORMAL, false, Level.TRUSTED)).isEqualTo(rank(Priority.NORMAL, false, Level.NORMAL));
        assertThat(rank(Priority.NORMAL, true, Level.HOSTILE))
                .isEqualTo(rank(Priority.NORMAL, false, Level.SUSPICIOUS));
    }

    @Test
    void priorityDecidesBeforeTrust() {
        List<Priority> ascending = List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.CRITICAL);
        for (int i = 1; i < ascending.size(); i++) {
            Priority lower = ascending.get(i - 1);
            Priority higher = ascending.get(i);
            assertThat(rank(higher, false, Level.SUSPICIOUS)).isGreaterThan(rank(lower, true, Level.TRUSTED));
            assertThat(Rank.highest(higher)).isEqualTo(rank(higher, true, Level.TRUSTED));
            assertThat(Rank.priority(rank(higher, true, Level.NORMAL))).isEqualTo(i);
        }
    }

    @Test
    void RL_12_goodStandingIsToBeKnownAndNotSuspiciousAndNotLow() {
        assertThat(Rank.knownGood(rank(Priority.NORMAL, true, Level.NORMAL))).isTrue();
        assertThat(Rank.knownGood(rank(Priority.CRITICAL, true, Level.TRUSTED))).isTrue();
        assertThat(Rank.knownGood(rank(Priority.CRITICAL, true, Level.SUSPICIOUS)))
                .isFalse();
        assertThat(Rank.knownGood(rank(Priority.CRITICAL, false, Level.NORMAL))).isFalse();
        assertThat(Rank.knownGood(rank(Priority.LOW, true, Level.TRUSTED))).isFalse();
    }
}
