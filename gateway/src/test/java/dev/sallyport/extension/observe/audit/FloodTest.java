package dev.sallyport.extension.observe.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Threat LG-08: how many entries a flood of refusals makes.
class FloodTest {
    private static final Refusal OTHER = Refusal.of(401, "token-expired", "t", "d");

    private final Flood flood = new Flood();
    private final List<List<Object>> told = new ArrayList<>();

    private static Exchange from(String address) {
        return Logged.refused(Exchanges.request().client(Exchanges.address(address)), Logged.DENIED);
    }

    private static Exchange by(String id, String authenticator, String address) {
        Exchange exchange = from(address);
        exchange.authenticated(new Principal(id, authenticator, Set.of()));
        return exchange;
    }

    private long written(int count, Exchange exchange) {
        return IntStream.range(0, count)
                .filter(_ -> flood.letsThrough(exchange, 0))
                .count();
    }

    /// How many were counted, and of whom.
    private void tell(long now) {
        flood.tellWhenDue(now, note -> {
            List<Object> pairs = List.of(note.keysAndValues());
            assertThat(note.code()).isEqualTo("access.repeated");
            told.add(pairs);
        });
    }

    private Object told(int entry, String key) {
        List<Object> pairs = told.get(entry);
        return pairs.contains(key) ? pairs.get(pairs.indexOf(key) + 1) : "absent";
    }

    @Test
    void LG_08_theFirstOfThoseThatAreAlikeAreWritten() {
        assertThat(written(100, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        assertThat(written(100, from("192.0.2.2"))).isEqualTo(Flood.EACH);
        assertThat(written(100, Logged.refused(Exchanges.request().client(Exchanges.address("192.0.2.1")), OTHER)))
                .isEqualTo(Flood.EACH);
        assertThat(flood.counted()).isEqualTo(3 * (100 - Flood.EACH));
    }

    @Test
    void LG_08_aNetworkOfIpv6CountsAsOne() {
        assertThat(written(100, from("2001:db8:0:1::1"))).isEqualTo(Flood.EACH);
        assertThat(written(100, from("2001:db8:0:1:ffff::2"))).isZero();
        assertThat(written(100, from("2001:db8:0:2::1"))).isEqualTo(Flood.EACH);
        tell(Flood.SPAN_NANOS);
        assertThat(told(0, "client.network")).isEqualTo("2001:db8:0:1:0:0:0:0/64");
    }

    @Test
    void LG_08_aProvenCallerIsTheSameFromEverywhere() {
        assertThat(written(50, by("alice", "staff", "192.0.2.1"))).isEqualTo(Flood.EACH);
        assertThat(written(50, by("alice", "staff", "192.0.2.2"))).isZero();
        assertThat(written(50, by("alice", "partners", "192.0.2.1"))).isEqualTo(Flood.EACH);
        assertThat(written(50, by("bob", "staff", "192.0.2.1"))).isEqualTo(Flood.EACH);
        assertThat(written(50, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        tell(Flood.SPAN_NANOS);
        assertThat(told(0, "user.id")).isEqualTo("alice");
        assertThat(told(0, "gateway.authenticator")).isEqualTo("staff");
        assertThat(told(0, "client.network")).isEqualTo("absent");
        assertThat(told(0, "entries")).isEqualTo(100L - Flood.EACH);
    }

    @Test
    void LG_08_nobodysIdIsTakenForANetwork() {
        assertThat(written(50, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        assertThat(written(50, by("192.0.2.1", "staff", "198.51.100.1"))).isEqualTo(Flood.EACH);
    }

    @Test
    void LG_08_whenTheTimeIsOverTheCountIsToldOnceAndItBeginsAnew() {
        assertThat(written(50, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        tell(Flood.SPAN_NANOS - 1);
        assertThat(told).isEmpty();
        tell(Flood.SPAN_NANOS);
        assertThat(told).hasSize(1);
        assertThat(told(0, "entries")).isEqualTo(50L - Flood.EACH);
        assertThat(told(0, "first")).isEqualTo("2026-11-25T04:00:00.007Z");
        assertThat(told(0, "last")).isEqualTo("2026-11-25T04:00:00.007Z");
        assertThat(written(50, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        tell(2 * Flood.SPAN_NANOS);
        tell(3 * Flood.SPAN_NANOS);
        assertThat(told).hasSize(2);
        assertThat(told(1, "entries")).isEqualTo(50L - Flood.EACH);
    }

    @Test
    void whereNothingWasCountedNothingIsTold() {
        assertThat(written(Flood.EACH, from("192.0.2.1"))).isEqualTo(Flood.EACH);
        tell(Flood.SPAN_NANOS);
        assertThat(told).isEmpty();
    }

    @Test
    void LG_08_manySourcesTogetherAreBoundedToo() {
        long written = 0;
        for (int i = 0; i < 2000; i++) {
            long one = written(Flood.EACH, from("10.0." + i / 250 + "." + i % 250));
            assertThat(one).isEqualTo(i < Flood.ALL / Flood.EACH ? Flood.EACH : i < Flood.KINDS ? 1 : 0);
            written += one;
        }
        assertThat(written).isLessThan(Flood.ALL + Flood.KINDS);
        tell(Flood.SPAN_NANOS);
        assertThat(told).hasSizeLessThanOrEqualTo(Flood.KINDS + 1);
        long counted = told.stream().mapToLong(pairs -> (long) pairs.get(1)).sum();
        assertThat(counted + written).isEqualTo(2000L * Flood.EACH);
        // those that found no place are told together, without a name
        int last = told.size() - 1;
        assertThat(told(last, "client.network")).isEqualTo("absent");
        assertThat(told(last, "gateway.reason")).isEqualTo("absent");
        assertThat(told(last, "entries")).isEqualTo((2000L - Flood.KINDS) * Flood.EACH);
    }
}
