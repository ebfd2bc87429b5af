package dev.sallyport.extension.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingHashTest extends LoadBalancerContract {
    @Override
    LoadBalancer.Factory factory() throws PluginException {
        return by("path");
    }

    private static LoadBalancer.Factory by(String key) throws PluginException {
        return new RingHash.Factory().create(new RingHash.Config(key), CONTEXT);
    }

    @Test
    void sendsTheSameKeyToTheSameEndpoint() throws PluginException {
        LoadBalancer one = over(1, 1, 1, 1);
        LoadBalancer other = over(1, 1, 1, 1);
        for (int i = 0; i < 1000; i++) {
            assertThat(one.pick(request(i), 0)).isEqualTo(other.pick(request(i), 0));
        }
    }

    @Test
    void movesFewKeysWhenAnEndpointGoes() throws PluginException {
        Fake[] four = fakes(1, 1, 1, 1);
        Endpoint[] three = Arrays.copyOf(four, 3);
        LoadBalancer before = factory().create(four);
        LoadBalancer after = factory().create(three);
        int moved = 0;
        for (int i = 0; i < 10_000; i++) {
            int old = before.pick(request(i), 0);
            if (old != 3 && after.pick(request(i), 0) != old) {
                moved++;
            }
        }
        assertThat(moved).isZero();
    }

    @Test
    void readsItsKeyFromWhereItIsTold() throws PluginException {
        LoadBalancer byCookie = by("cookie:id").create(fakes(1, 1, 1, 1));
        LoadBalancer byHeader = by("header:X-Shard").create(fakes(1, 1, 1, 1));
        LoadBalancer byAddress = by("client.address").create(fakes(1, 1, 1, 1));
        int cookie = byCookie.pick(withCookie("a=b; id=7; c=d"), 0);
        int shard = byHeader.pick(with("x-shard", "7"), 0);
        int address = byAddress.pick(request(1), 0);
        for (int i = 0; i < 50; i++) {
            assertThat(byCookie.pick(withCookie("id=7; n=" + i), 0)).isEqualTo(cookie);
            assertThat(byHeader.pick(with("X-SHARD", "7"), 0)).isEqualTo(shard);
            assertThat(byAddress.pick(request(i), 0)).isEqualTo(address);
        }
    }

    private static Exchange withCookie(String value) {
        return with("cookie", value);
    }

    private static Exchange with(String name, String value) {
        return Exchanges.request().header(name, value).exchange();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "principal", "header:", "header:a b", "cookie:", "query:a"})
    void refusesUnknownKeys(String key) {
        assertThatThrownBy(() -> by(key)).isInstanceOf(PluginException.class).hasMessageContaining("expected: ");
    }
}
