package dev.sallyport.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static Network of(String address) throws UnknownHostException {
        return Network.of(InetAddress.getByName(address));
    }

    @Test
    void JW_18_countsAnIpv6NetworkAsOneAndEachIpv4Address() throws UnknownHostException {
        assertThat(of("2001:db8:0:1::1")).isEqualTo(of("2001:db8:0:1:ffff::2"));
        assertThat(of("2001:db8:0:1::1")).isNotEqualTo(of("2001:db8:0:2::1"));
        assertThat(of("192.0.2.1")).isNotEqualTo(of("192.0.2.2"));
        assertThat(of("0.0.0.1")).as("of another kind").isNotEqualTo(of("::1"));
    }

    @Test
    void JW_18_anIpv4AddressInsideIpv6IsThatAddress() throws UnknownHostException {
        byte[] octets = new byte[16];
        octets[10] = (byte) 0xff;
        octets[11] = (byte) 0xff;
        System.arraycopy(new byte[] {(byte) 192, 0, 2, 1}, 0, octets, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress("mapped", octets, -1);
        assertThat(mapped.getAddress()).as("the platform left it as it is").hasSize(16);
        assertThat(Network.of(mapped)).isEqualTo(of("192.0.2.1"));
    }
}
