package dev.sallyport.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.1.2, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::/0, 10.0.0.1, false",
    })
    void containsItsAddressesOnly(String range, String address, boolean contained) throws UnknownHostException {
        assertThat(AddressRange.parse(range).contains(InetAddress.getByName(address)))
                .isEqualTo(contained);
    }

    @Test
    void HD_17_readsAnIpv4AddressInsideAnIpv6One() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        mapped[15] = 1;
        InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(address).isInstanceOf(Inet6Address.class);
        assertThat(AddressRange.parse("10.0.0.0/8").contains(address)).isTrue();
        assertThat(AddressRange.parse("11.0.0.0/8").contains(address)).isFalse();
        assertThat(AddressRange.parse("::/0").contains(address)).isFalse();
    }

    @Test
    void HD_17_doesNotTakeOtherIpv6AddressesForIpv4() throws UnknownHostException {
        byte[] compatible = new byte[16];
        compatible[12] = 10;
        compatible[15] = 1;
        assertThat(AddressRange.parse("10.0.0.0/8").contains(Inet6Address.getByAddress(null, compatible, -1)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "::/129",
                "10.0.0.0/+8",
                "10.0.0.0/",
                "/8",
                "10.0.0.0/8/8",
                "fe80::1%1",
                "[::1]",
                ":",
                "1::2::3",
                "256.0.0.1",
                "1.2.3.4.5"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    /// Words of hexadecimal digits are names of hosts to whoever looks names up.
    @ParameterizedTest
    @ValueSource(
            strings = {"abc", "dead.beef", "cafe/8", "10", "10.1", "127.1/8", "0x7f.0.0.1", "010.0.0.1", "2130706433"})
    void US_02_looksNoNameUpAndReadsNoOtherSpellingOfAnAddress(String text) {
        assertThatThrownBy(() -> AddressRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(text + " (expected: an address such as 10.0.0.0/8 or ::1)");
    }
}
