package dev.sallyport.extension.authn.jose.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class VerificationPoolTest {
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final VerificationPool pool = new VerificationPool(threads::add, 10, 4);
    private final List<String> done = new ArrayList<>();

    private static InetAddress address(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private VerificationPool.Taken<Boolean> submit(String from, String what) throws UnknownHostException {
        return pool.submit(address(from), () -> done.add(what));
    }

    private void runAll() {
        while (!threads.isEmpty()) {
            threads.remove().run();
        }
    }

    @Test
    void JW_18_floodOfOneNetworkDelaysOnlyItsOwn() throws Exception {
        for (int i = 0; i < 4; i++) {
            submit("192.0.2.1", "flood" + i);
        }
        submit("198.51.100.1", "honest1");
        submit("203.0.113.1", "other");
        submit("198.51.100.1", "honest2");
        runAll();
        assertThat(done).containsExactly("flood0", "honest1", "other", "flood1", "honest2", "flood2", "flood3");
    }

    @Test
    void whoeverHearsOfAResultMayComeAgainAtOnce() throws Exception {
        List<VerificationPool.Taken<Boolean>> next = new ArrayList<>();
        InetAddress client = address("192.0.2.1");
        for (int i = 0; i < 4; i++) {
            if (pool.submit(client, () -> true) instanceof VerificationPool.Taken.Will<Boolean>(var result)) {
                var _ = result.thenRun(() -> next.add(pool.submit(client, () -> true)));
            }
        }
        runAll();
        assertThat(next).hasSize(4).allMatch(VerificationPool.Taken.Will.class::isInstance);
    }

    @Test
    void JW_18_refusesMoreThanANetworkMayHave() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(submit("192.0.2.1", "x")).isInstanceOf(VerificationPool.Taken.Will.class);
        }
        assertThat(submit("192.0.2.1", "x"))
                .isEqualTo(new VerificationPool.Taken.Wont<>(VerificationPool.NETWORK_BUSY));
        assertThat(submit("::ffff:192.0.2.1", "x"))
                .isEqualTo(new VerificationPool.Taken.Wont<>(VerificationPool.NETWORK_BUSY));
        assertThat(submit("192.0.2.2", "x")).isInstanceOf(VerificationPool.Taken.Will.class);
        runAll();
        assertThat(pool.inFlight()).isZero();
        assertThat(submit("192.0.2.1", "x")).isInstanceOf(VerificationPool.Taken.Will.class);
    }

    @Test
    void JW_18_countsAnIpv6NetworkAsOne() throws Exception {
        for (int i = 0; i < 4; i++) {
            submit("2001:db8:1:2::" + i, "x");
        }
        assertThat(submit("2001:db8:1:2:ffff::1", "x"))
                .isEqualTo(new VerificationPool.Taken.Wont<>(VerificationPool.NETWORK_BUSY));
        assertThat(submit("2001:db8:1:3::1", "x")).isInstanceOf(VerificationPool.Taken.Will.class);
    }

    @Test
    void refusesMoreThanAllMayHave() throws Exception {
        for (int i = 0; i < 10; i++) {
            submit("192.0.2." + i, "x");
        }
        assertThat(submit("192.0.2.99", "x")).isEqualTo(new VerificationPool.Taken.Wont<>(VerificationPool.BUSY));
        assertThat(pool.inFlight()).isEqualTo(10);
    }

    @Test
    void anExceptionFailsTheStageAndFreesThePlace() throws Exception {
        Supplier<Boolean> broken = () -> {
            throw new IllegalStateException("bug");
        };
        VerificationPool.Taken<Boolean> taken = pool.submit(address("192.0.2.1"), broken);
        runAll();
        assertThat(((VerificationPool.Taken.Will<Boolean>) taken).result().toCompletableFuture())
                .isCompletedExceptionally();
        assertThat(pool.inFlight()).isZero();
    }

    @Test
    void runsOnThreadsOfItsOwn() throws Exception {
        VerificationPool real = new VerificationPool();
        VerificationPool.Taken<String> taken =
                real.submit(address("192.0.2.1"), () -> Thread.currentThread().getName());
        assertThat(taken).isInstanceOf(VerificationPool.Taken.Will.class);
        String name = ((VerificationPool.Taken.Will<String>) taken)
                .result()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        assertThat(name).startsWith("verification-");
    }
}
