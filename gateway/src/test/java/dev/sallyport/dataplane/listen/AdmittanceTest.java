package dev.sallyport.dataplane.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmittanceTest {
    private final Admittance admittance = new Admittance();
    private final List<EmbeddedChannel> open = new ArrayList<>();

    private static final class From extends EmbeddedChannel {
        private final SocketAddress peer;

        From(String address) throws UnknownHostException {
            peer = new InetSocketAddress(InetAddress.getByName(address), 1);
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return peer;
        }
    }

    @AfterEach
    void closeAll() {
        open.forEach(EmbeddedChannel::close);
    }

    private boolean admit(int connections, int perAddress, String address) throws UnknownHostException {
        From channel = new From(address);
        open.add(channel);
        return admittance.admit(channel, new ListenerSettings.Limits(1, 1, 1, 1, 1, 1, connections, perAddress, 1));
    }

    @Test
    void DO_15_refusesMoreThanItsTotal() throws UnknownHostException {
        assertThat(admit(2, 10, "192.0.2.1")).isTrue();
        assertThat(admit(2, 10, "192.0.2.2")).isTrue();
        assertThat(admit(2, 10, "192.0.2.3")).isFalse();
        assertThat(admittance.open()).isEqualTo(2);
        assertThat(admittance.overTotal()).isEqualTo(1);
        open.removeFirst().close();
        assertThat(admit(2, 10, "192.0.2.3")).isTrue();
    }

    @Test
    void DO_15_refusesMoreThanAnAddressMayHave() throws UnknownHostException {
        assertThat(admit(10, 1, "192.0.2.1")).isTrue();
        assertThat(admit(10, 1, "192.0.2.1")).isFalse();
        assertThat(admit(10, 1, "192.0.2.2")).isTrue();
        assertThat(admittance.overAddress()).isEqualTo(1);
        assertThat(admittance.open()).isEqualTo(2);
        open.removeFirst().close();
        assertThat(admit(10, 1, "192.0.2.1")).isTrue();
    }

    @Test
    void RL_01_countsAnIpv6NetworkAsOneAddress() throws UnknownHostException {
        assertThat(admit(10, 1, "2001:db8:0:1::1")).isTrue();
        assertThat(admit(10, 1, "2001:db8:0:1:ffff::2")).isFalse();
        assertThat(admit(10, 1, "2001:db8:0:2::1")).isTrue();
    }
}
