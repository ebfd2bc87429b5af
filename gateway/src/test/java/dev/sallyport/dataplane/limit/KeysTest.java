package dev.sallyport.dataplane.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.limit.KeySecret;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {
    private static final KeySecret SECRET = new KeySecret(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    private static final Limit.Terms TERMS = new Limit.Terms(Set.of(), 1, null, false, null);

    private static Limit limit(KeyPart... key) {
        return new Limit("any", List.of(key), List.of(), TERMS, null);
    }

    private static KeyNumber number(Limit limit, Exchange exchange) {
        KeyHash hash = new KeyHash(SECRET);
        limit.hash(exchange, hash);
        return new KeyNumber(hash.high(), hash.low());
    }

    private static Exchange from(String address) {
        return Exchanges.request().client(Exchanges.address(address)).exchange();
    }

    private static Exchange by(String authenticator, String id, @Nullable String tenant) {
        Exchange exchange = from("192.0.2.7");
        exchange.authenticated(new Principal(
                id,
                authenticator,
                tenant,
                Set.of(),
                Claims.NONE,
                new Credential("api-key", null, "key-1", "app", null, 0, Credential.NEVER)));
        return exchange;
    }

    /// The vectors of SipHash's authors for 128 bits, of messages of no and of eight octets.
    @Test
    void hashesAsSipHashSays() {
        KeyHash hash = new KeyHash(SECRET).begin();
        hash.end();
        assertThat(octets(hash)).isEqualTo("a3817f04ba25a8e66df67214c7550293");
        hash.begin().add(0x0706050403020100L).end();
        assertThat(octets(hash)).isEqualTo("3b62a9ba6258f5610f83e264f31497b4");
    }

    private static String octets(KeyHash hash) {
        return HexFormat.of().toHexDigits(Long.reverseBytes(hash.high()))
                + HexFormat.of().toHexDigits(Long.reverseBytes(hash.low()));
    }

    @Test
    void textsThatJoinAlikeHashDifferently() {
        KeyHash hash = new KeyHash(SECRET);
        hash.begin().add("ab").add("c").end();
        long one = hash.low();
        hash.begin().add("a").add("bc").end();
        assertThat(hash.low()).isNotEqualTo(one);
        hash.begin().add("abc").end();
        assertThat(hash.low()).isNotEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9, 203.0.113.0/24",
        "::ffff:203.0.113.9, 203.0.113.9, 203.0.113.0/24",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:0:0:0:0/64, 2001:db8:1:0:0:0:0:0/48"
    })
    void RL_01_RL_02_addressesAreCanonicalAndMasked(String address, String alone, String network) {
        assertThat(limit(new KeyPart.Source(32, 64)).keyText(from(address))).isEqualTo(alone);
        assertThat(limit(new KeyPart.Source(24, 48)).keyText(from(address))).isEqualTo(network);
    }

    /// As a socket may tell it, though no text is read like that.
    @Test
    void RL_02_anAddressThatIsStillMappedIsTheSame() throws UnknownHostException {
        byte[] octets = new byte[16];
        octets[10] = (byte) 0xff;
        octets[11] = (byte) 0xff;
        System.arraycopy(new byte[] {(byte) 203, 0, 113, 9}, 0, octets, 12, 4);
        InetAddress mapped = Inet6Address.getByAddress(null, octets, -1);
        assertThat(mapped.getAddress()).hasSize(16);
        assertThat(Network.of(mapped)).isEqualTo(Network.of(InetAddress.ofLiteral("203.0.113.9")));
        octets[11] = 0;
        assertThat(Network.of(Inet6Address.getByAddress(null, octets, -1)).ipv6())
                .as("not mapped")
                .isTrue();
    }

    @Test
    void whatOperatorsReadIsWhatIsCounted() {
        List<KeyPart> parts = List.of(
                new KeyPart.Source(32, 64),
                new KeyPart.Source(24, 48),
                KeyPart.Caller.ID,
                KeyPart.Caller.TENANT,
                KeyPart.Caller.CLIENT,
                KeyPart.Caller.API_KEY,
                new KeyPart.Way(),
                new KeyPart.Everything());
        Exchange exchange = by("staff", "a/b anna", "acme");
        exchange.routed("orders", "/orders", new String[0]);
        for (KeyPart part : parts) {
            Limit limit = limit(part);
            assertThat(KeyNumber.of(limit, limit.keyText(exchange), SECRET)).isEqualTo(number(limit, exchange));
        }
        Limit all = limit(parts.toArray(KeyPart[]::new));
        assertThat(all.keyText(exchange))
                .isEqualTo(
                        "192.0.2.7 + 192.0.2.0/24 + staff/a/b anna + acme + staff/app + staff/key-1 + orders + global");
        assertThat(KeyNumber.of(all, all.keyText(exchange), SECRET)).isEqualTo(number(all, exchange));
        assertThat(KeyNumber.of(limit(new KeyPart.Source(32, 64)), "no address", SECRET))
                .isNull();
    }

    @Test
    void RL_05_whoLacksAPartIsCountedByAddress() {
        Limit callers = limit(KeyPart.Caller.ID);
        assertThat(number(callers, from("192.0.2.1"))).isNotEqualTo(number(callers, from("192.0.2.2")));
        assertThat(number(callers, from("192.0.2.1"))).isEqualTo(number(callers, from("::ffff:192.0.2.1")));
        assertThat(callers.keyText(from("192.0.2.1"))).isEqualTo("192.0.2.1");
        assertThat(KeyNumber.of(callers, "192.0.2.1", SECRET)).isEqualTo(number(callers, from("192.0.2.1")));
        Limit tenants = limit(KeyPart.Caller.TENANT);
        assertThat(number(tenants, by("staff", "anna", null))).isEqualTo(number(tenants, from("192.0.2.7")));
    }

    @Test
    void callersAreToldApartByAuthenticatorAndTenantsAreNot() {
        Limit callers = limit(KeyPart.Caller.ID);
        assertThat(number(callers, by("staff", "anna", null)))
                .isNotEqualTo(number(callers, by("partners", "anna", null)));
        Limit tenants = limit(KeyPart.Caller.TENANT);
        assertThat(number(tenants, by("staff", "anna", "acme")))
                .isEqualTo(number(tenants, by("partners", "bob", "acme")));
    }

    @Test
    void onlyWhatTheSourceSaysIsJudgedBeforeTheCallerIsKnown() {
        assertThat(limit(new KeyPart.Source(32, 64)).ofSource()).isTrue();
        assertThat(limit(new KeyPart.Source(32, 64), new KeyPart.Way()).ofSource())
                .isTrue();
        assertThat(limit(new KeyPart.Source(32, 64), KeyPart.Caller.ID).ofSource())
                .isFalse();
        assertThat(limit(new KeyPart.Way()).ofSource()).isFalse();
        assertThat(limit(new KeyPart.Field("x-a", false)).ofSource()).isFalse();
    }

    @Test
    void secretFieldsAreNotShown() {
        Exchange exchange = Exchanges.request().header("x-partner", "topsecret").exchange();
        assertThat(limit(new KeyPart.Field("x-partner", true)).keyText(exchange))
                .doesNotContain("topsecret");
        assertThat(limit(new KeyPart.Field("x-partner", false)).keyText(exchange))
                .isEqualTo("topsecret");
    }
}
