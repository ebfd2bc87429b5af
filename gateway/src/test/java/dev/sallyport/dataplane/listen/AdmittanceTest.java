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
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
        return admittance.admit(channel, limits(connections, perAddress, 0, 0), false) != null;
    }

    private Admittance.@Nullable Admitted shakeHands(int handshakes, int perAddress, String address)
            throws UnknownHostException {
        From channel = new From(address);
        open.add(channel);
        return admittance.admit(channel, limits(100, 100, handshakes, perAddress), true);
    }

    private static ListenerSettings.Limits limits(int connections, int perAddress, int handshakes, int handshakesEach) {
        return new ListenerSettings.Limits(1, 1, 1, 1, 1, 1, connections, perAddress, handshakes, handshakesEach, 1);
    }

    @Test
    void DO_15_refusesMoreThanItsTotal() throws UnknownHostException {
        assertThat(admit(2, 10, "192.0.2.1")).isTrue();
        assertThat(admit(2, 10, "192.0.2.2")).isTrue();
        assertThat(admit(2, 10, "192.0.2.3")).isFalse();
        assertThat(admittance.connections().taken()).isEqualTo(2);
        assertThat(admittance.connections().overTotal()).isEqualTo(1);
        open.removeFirst().close();
        assertThat(admit(2, 10, "192.0.2.3")).isTrue();
    }

    @Test
    void DO_15_refusesMoreThanAnAddressMayHave() throws UnknownHostException {
        assertThat(admit(10, 1, "192.0.2.1")).isTrue();
        assertThat(admit(10, 1, "192.0.2.1")).isFalse();
        assertThat(admit(10, 1, "192.0.2.2")).isTrue();
        assertThat(admittance.connections().overNetwork()).isEqualTo(1);
        assertThat(admittance.connections().taken()).isEqualTo(2);
        open.removeFirst().close();
        assertThat(admit(10, 1, "192.0.2.1")).isTrue();
    }

    @Test
    void RL_01_countsAnIpv6NetworkAsOneAddress() throws UnknownHostException {
        assertThat(admit(10, 1, "2001:db8:0:1::1")).isTrue();
        assertThat(admit(10, 1, "2001:db8:0:1:ffff::2")).isFalse();
        assertThat(admit(10, 1, "2001:db8:0:2::1")).isTrue();
    }

    @Test
    void TL_12_refusesMoreHandshakesThanItsTotal() throws UnknownHostException {
        assertThat(shakeHands(2, 10, "192.0.2.1")).isNotNull();
        assertThat(shakeHands(2, 10, "192.0.2.2")).isNotNull();
        assertThat(shakeHands(2, 10, "192.0.2.3")).isNull();
        assertThat(admittance.handshakes().taken()).isEqualTo(2);
        assertThat(admittance.handshakes().overTotal()).isEqualTo(1);
        assertThat(admittance.connections().taken())
                .describedAs("the refused one counts nowhere")
                .isEqualTo(2);
        assertThat(admit(10, 10, "192.0.2.3"))
                .describedAs("a connection without TLS has no handshake")
                .isTrue();
    }

    @Test
    void TL_12_refusesMoreHandshakesThanANetworkMayHave() throws UnknownHostException {
        assertThat(shakeHands(10, 1, "192.0.2.1")).isNotNull();
        assertThat(shakeHands(10, 1, "192.0.2.1")).isNull();
        assertThat(shakeHands(10, 1, "192.0.2.2")).isNotNull();
        assertThat(shakeHands(10, 1, "2001:db8:0:1::1")).isNotNull();
        assertThat(shakeHands(10, 1, "2001:db8:0:1:ffff::2")).isNull();
        assertThat(shakeHands(10, 1, "2001:db8:0:2::1")).isNotNull();
        assertThat(admittance.handshakes().overNetwork()).isEqualTo(2);
    }

    @Test
    void TL_12_theEndOfAHandshakeGivesItsPlaceBackOnce() throws UnknownHostException {
        Admittance.Admitted first = Objects.requireNonNull(shakeHands(1, 1, "192.0.2.1"));
        first.handshakeOver();
        first.handshakeOver();
        assertThat(admittance.connections().taken()).isEqualTo(1);
        assertThat(shakeHands(1, 1, "192.0.2.1")).isNotNull();
        open.removeFirst().close();
        assertThat(admittance.handshakes().taken()).isEqualTo(1);
        assertThat(shakeHands(1, 1, "192.0.2.2")).isNull();
    }

    @Test
    void TL_12_aConnectionThatClosesDuringItsHandshakeGivesBothPlacesBack() throws UnknownHostException {
        assertThat(shakeHands(1, 1, "192.0.2.1")).isNotNull();
        open.removeFirst().close();
        assertThat(admittance.handshakes().taken()).isZero();
        assertThat(admittance.connections().taken()).isZero();
        assertThat(shakeHands(1, 1, "192.0.2.1")).isNotNull();
    }
}
