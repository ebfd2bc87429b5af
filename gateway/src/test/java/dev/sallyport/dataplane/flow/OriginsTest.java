package dev.sallyport.dataplane.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.dataplane.snapshot.GatewaySnapshot.Sampling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static Exchange.Origin origin(String peer, String... fields) throws UnknownHostException {
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(InetAddress.getByName(peer), 1),
                new ClientConnection.Listener("l", List.of(AddressRange.parse("10.0.0.0/8")), null),
                null,
                null,
                List.of());
        CanonicalRequest request = new CanonicalRequest(
                Method.GET, "http", new Authority("x", -1), "/", 0, null, Headers.of(fields), HttpVersion.HTTP_1_1);
        return Origins.of(request, connection, new SplittableRandom(1), Sampling.NONE);
    }

    @Test
    void HD_03_believesNoOneButTrustedProxies() throws UnknownHostException {
        assertThat(origin("192.0.2.1", "x-forwarded-for", "127.0.0.1").clientAddress())
                .isEqualTo(InetAddress.getByName("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'203.0.113.7', 203.0.113.7",
        "'127.0.0.1, 203.0.113.7', 203.0.113.7",
        "'127.0.0.1, 203.0.113.7, 10.2.2.2', 203.0.113.7",
        "'203.0.113.7:4711, 10.2.2.2', 203.0.113.7",
        "'[2001:db8::1]:80', 2001:db8::1",
        "'2001:db8::1', 2001:db8::1",
        "'unknown', 10.1.1.1",
        "'203.0.113.7, unknown', 10.1.1.1",
        "'203.0.113.7, _hidden, 10.2.2.2', 10.2.2.2",
        "'localhost', 10.1.1.1",
        "'\"', 10.1.1.1",
        "'', 10.1.1.1",
        "'10.3.3.3, 10.2.2.2', 10.3.3.3",
    })
    void HD_03_walksTrustedHopsFromTheRight(String forwarded, String client) throws UnknownHostException {
        assertThat(origin("10.1.1.1", "x-forwarded-for", forwarded).clientAddress())
                .isEqualTo(InetAddress.getByName(client));
    }

    @Test
    void HD_03_readsSplitLinesAsOneList() throws UnknownHostException {
        assertThat(origin("10.1.1.1", "x-forwarded-for", "127.0.0.1, 203.0.113.7", "x-forwarded-for", "10.2.2.2")
                        .clientAddress())
                .isEqualTo(InetAddress.getByName("203.0.113.7"));
    }

    @Test
    void HD_03_stopsAfterAFewHops() throws UnknownHostException {
        String hops = "203.0.113.7" + ", 10.2.2.2".repeat(40);
        assertThat(origin("10.1.1.1", "x-forwarded-for", hops).clientAddress())
                .isEqualTo(InetAddress.getByName("10.2.2.2"));
    }

    @Test
    void HD_13_startsANewTraceForUntrustedPeers() throws UnknownHostException {
        Exchange.Origin origin = origin("192.0.2.1", "traceparent", TRACE);
        assertThat(origin.trace().parentId()).isZero();
        assertThat(origin.trace().traceIdHigh()).isNotEqualTo(0x0af7651916cd43ddL);
        assertThat(origin.trace().sampled()).isFalse();
    }

    @Test
    void continuesTheTraceOfATrustedPeer() throws UnknownHostException {
        Exchange.Origin origin = origin("10.1.1.1", "traceparent", TRACE);
        assertThat(origin.trace().traceIdHigh()).isEqualTo(0x0af7651916cd43ddL);
        assertThat(origin.trace().traceIdLow()).isEqualTo(0x8448eb211c80319cL);
        assertThat(origin.trace().parentId()).isEqualTo(0xb7ad6b7169203331L);
        assertThat(origin.trace().spanId()).isNotEqualTo(0xb7ad6b7169203331L).isNotZero();
        assertThat(origin.trace().sampled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
                "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319z-b7ad6b7169203331-01",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "g1-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "FE-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "1",
            })
    void HD_13_startsANewTraceForWhatIsNoTrace(String traceparent) throws UnknownHostException {
        assertThat(origin("10.1.1.1", "traceparent", traceparent).trace().parentId())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-ff",
                "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-will-be-like",
            })
    void readsOfLaterVersionsWhatTheFirstHas(String traceparent) throws UnknownHostException {
        Exchange.Origin origin = origin("10.1.1.1", "traceparent", traceparent);
        assertThat(origin.trace().traceIdHigh()).isEqualTo(0x0af7651916cd43ddL);
        assertThat(origin.trace().parentId()).isEqualTo(0xb7ad6b7169203331L);
        assertThat(origin.trace().sampled()).isTrue();
    }

    @Test
    void HD_13_startsANewTraceWhereTwoAreStated() throws UnknownHostException {
        assertThat(origin("10.1.1.1", "traceparent", TRACE, "traceparent", TRACE)
                        .trace()
                        .parentId())
                .isZero();
    }

    @Test
    void HD_14_makesAnIdOfItsOwn() throws UnknownHostException {
        Exchange.Origin one = origin("10.1.1.1", "x-request-id", "abc");
        assertThat(one.requestIdHigh() | one.requestIdLow()).isNotZero();
    }
}
