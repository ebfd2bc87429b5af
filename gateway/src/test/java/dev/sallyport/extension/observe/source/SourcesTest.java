package dev.sallyport.extension.observe.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.observe.source.Sources.Activity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long T0 = 1_700_000_000_000L;

    private final SourceCounts counts = new SourceCounts(2);
    private final Sources sources = new Sources(counts, 100);
    private long now = T0;

    /// What is counted is seen three rounds later: until then an event loop may still be writing.
    private void settle() {
        for (int i = 0; i < 3; i++) {
            sources.collect(now);
        }
    }

    private static Exchange refused(String address, int status) {
        return refused(Exchanges.request().client(Exchanges.address(address)), status);
    }

    private static Exchange refused(Exchanges request, int status) {
        Exchange exchange = request.ended("orders", "/orders", status);
        exchange.refused(Refusal.of(status, "some-reason", "No", "No."));
        return exchange;
    }

    private List<Activity> networks(Conduct conduct) {
        return sources.active(conduct, true, MINUTE, 1);
    }

    @Test
    void countsByNetworkAcrossLoops() {
        counts.record(refused("203.0.113.7", 401));
        counts.record(refused("203.0.113.200", 401));
        counts.record(refused(Exchanges.request().loop(1).client(Exchanges.address("203.0.113.9")), 401));
        counts.record(refused("198.51.100.1", 403));
        counts.record(refused("2001:db8:7:1::5", 401));
        counts.record(refused("2001:db8:7:2::9", 401));
        settle();
        assertThat(networks(Conduct.UNAUTHENTICATED))
                .extracting(one -> one.key() + " " + one.get(Conduct.UNAUTHENTICATED))
                .containsExactly("203.0.113.0/24 3", "2001:db8:7::/48 2");
        assertThat(networks(Conduct.DENIED))
                .extracting(one -> one.key().toString())
                .containsExactly("198.51.100.0/24");
        assertThat(networks(Conduct.DENIED).getFirst().request()).isEqualTo("0123456789abcdeffedcba9876543210");
    }

    @Test
    void countsProvenCallersToo() {
        Exchange exchange = refused("203.0.113.7", 403);
        exchange.authenticated(new Principal("anna", "staff", Set.of()));
        counts.record(exchange);
        settle();
        assertThat(sources.active(Conduct.DENIED, false, MINUTE, 1))
                .extracting(one -> one.key().toString())
                .containsExactly("staff/anna");
        assertThat(networks(Conduct.DENIED)).hasSize(1);
    }

    @Test
    void whatIsServedIsNotCounted() {
        counts.record(Exchanges.request().ended("orders", "/orders", 200));
        counts.record(Exchanges.request().ended("orders", "/orders", 502));
        settle();
        assertThat(sources.size()).isZero();
    }

    @Test
    void notFoundCountsWhoeverSaysSo() {
        counts.record(Exchanges.request().path("/a").ended("orders", "/orders", 404));
        counts.record(refused(Exchanges.request().path("/b"), 404));
        settle();
        assertThat(networks(Conduct.NOT_FOUND).getFirst().get(Conduct.NOT_FOUND))
                .isEqualTo(2);
        assertThat(networks(Conduct.NOT_FOUND).getFirst().paths()).isEqualTo(2);
    }

    @Test
    void tellsAboutHowManyAccountsWereTried() {
        for (int i = 0; i < 40; i++) {
            String credential = "user" + i + ":Winter2026";
            counts.record(refused(Exchanges.request().header("Authorization", "Basic " + base64(credential)), 401));
        }
        settle();
        assertThat(networks(Conduct.UNAUTHENTICATED).getFirst().accounts()).isBetween(30, 50);
    }

    @Test
    void oneAccountWithManyPasswordsIsOne() {
        for (int i = 0; i < 40; i++) {
            counts.record(refused(
                    Exchanges.request().header("Authorization", "Basic " + base64("anna:password" + i)), 401));
        }
        settle();
        assertThat(networks(Conduct.UNAUTHENTICATED).getFirst().accounts()).isEqualTo(1);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void onlyTheWindowCounts() {
        counts.record(refused("203.0.113.7", 401));
        settle();
        now += 50_000;
        counts.record(refused("203.0.113.7", 401));
        settle();
        assertThat(networks(Conduct.UNAUTHENTICATED).getFirst().get(Conduct.UNAUTHENTICATED))
                .isEqualTo(2);
        now += 20_000;
        settle();
        assertThat(networks(Conduct.UNAUTHENTICATED).getFirst().get(Conduct.UNAUTHENTICATED))
                .isEqualTo(1);
        now += 600_000;
        settle();
        assertThat(sources.size()).isZero();
    }

    @Test
    void LG_05_manySourcesDoNotGrowItAndTheWorstStays() {
        for (int i = 0; i < 10; i++) {
            counts.record(refused("203.0.113.7", 401));
        }
        settle();
        for (int i = 0; i < 5_000; i++) {
            counts.record(refused("10." + (i >> 8 & 255) + "." + (i & 255) + ".1", 401));
            if (i % 500 == 0) {
                settle();
            }
        }
        settle();
        assertThat(sources.size()).isLessThanOrEqualTo(100);
        assertThat(sources.overflowed()).isPositive();
        assertThat(networks(Conduct.UNAUTHENTICATED).getFirst().key()).hasToString("203.0.113.0/24");
    }

    @Test
    void LG_05_aLoopsTableIsOfFixedSize() {
        SourceTable table = new SourceTable();
        for (int i = 0; i < 100_000; i++) {
            table.find(i, null);
        }
        assertThat(table.overflowed()).isEqualTo(100_000 - SourceTable.ROOM);
        table.clear();
        assertThat(table.isEmpty()).isTrue();
    }
}
