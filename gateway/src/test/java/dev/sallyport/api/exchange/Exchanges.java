package dev.sallyport.api.exchange;

import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Makes exchanges for tests: `Exchanges.request().path("/orders").exchange()`.
public final class Exchanges {
    /// When every exchange made here began: 2026-11-25T04:00:00.007Z.
    public static final long STARTED_AT_EPOCH_MILLIS = 1_795_579_200_007L;

    /// [Exchange#startedAt()] of every exchange made here.
    public static final long STARTED_AT = 1_000_000_000L;

    private Method method = Method.GET;
    private String path = "/";
    private @Nullable String query;
    private Authority authority = new Authority("shop.example.com", -1);
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private ClientConnection connection = connection("public");
    private InetAddress client = connection.peer().getAddress();
    private TraceContext trace = new TraceContext(1, 2, 3, 0, true);
    private int loop;
    private final Headers.Builder headers = new Headers.Builder();

    private Exchanges() {}

    /// `GET http://shop.example.com/` from 192.0.2.7:54321, without header fields.
    public static Exchanges request() {
        return new Exchanges();
    }

    /// A plain connection from 192.0.2.7:54321.
    public static ClientConnection connection(String listener) {
        return new ClientConnection(new InetSocketAddress(address("192.0.2.7"), 54321), listener, null, null);
    }

    public static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    public Exchanges method(Method value) {
        method = value;
        return this;
    }

    public Exchanges path(String value) {
        path = value;
        return this;
    }

    public Exchanges query(@Nullable String value) {
        query = value;
        return this;
    }

    public Exchanges authority(String host, int port) {
        authority = new Authority(host, port);
        return this;
    }

    public Exchanges version(HttpVersion value) {
        version = value;
        return this;
    }

    public Exchanges connection(ClientConnection value) {
        connection = value;
        client = value.peer().getAddress();
        return this;
    }

    /// The client behind a trusted proxy; to be called after [#connection(ClientConnection)].
    public Exchanges client(InetAddress value) {
        client = value;
        return this;
    }

    public Exchanges trace(TraceContext value) {
        trace = value;
        return this;
    }

    public Exchanges loop(int value) {
        loop = value;
        return this;
    }

    /// Adds a field whose value's characters are octets.
    public Exchanges header(String name, String value) {
        headers.add(name.getBytes(StandardCharsets.ISO_8859_1), value.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /// An exchange of this request that has just begun and runs its tasks at once.
    public Exchange exchange() {
        CanonicalRequest request =
                new CanonicalRequest(method, connection.scheme(), authority, path, 0, query, headers.build(), version);
        Exchange.Origin origin = new Exchange.Origin(
                client, trace, 0x0123456789abcdefL, 0xfedcba9876543210L, STARTED_AT, STARTED_AT_EPOCH_MILLIS);
        return new Exchange(request, connection, Runnable::run, loop, origin);
    }

    /// An exchange of this request that was answered with `status` after 1.5 ms, by the route `name` at
    /// `template`.
    public Exchange ended(String name, String template, int status) {
        Exchange exchange = exchange();
        exchange.routed(name, template, new String[0]);
        exchange.status(status);
        exchange.endedAt(STARTED_AT + 1_500_000);
        return exchange;
    }
}
