package dev.sallyport.app.explain;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.api.http.RequestReader;
import dev.sallyport.api.plugin.Nearest;
import dev.sallyport.dataplane.http1.RequestParser;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A request as a listener would get it: written out as a client would send it, and read by the listener's own parser.
///
/// @param request null when it cannot be understood
/// @param fault   why it cannot
/// @param notes   what was assumed of it
public record Arrival(
        ClientConnection connection,
        @Nullable CanonicalRequest request,
        @Nullable RequestFault fault,
        List<String> notes) {
    private static final String NOWHERE = "localhost";
    private static final String TLS = "TLSv1.3";

    /// The arrival of what `question` asks about, without a credential.
    ///
    /// @throws QuestionException there is something wrong with the question
    public static Arrival of(Question question, List<ListenerSettings> listeners) throws QuestionException {
        return of(question, Address.parse(question.url()), listeners, null);
    }

    /// The arrival of what `question` asks about.
    ///
    /// @param credential a field that shows the credential, or null for none
    static Arrival of(Question question, Address address, List<ListenerSettings> listeners, @Nullable String credential)
            throws QuestionException {
        List<String> notes = new ArrayList<>();
        ListenerSettings listener = listener(question.listener(), address, listeners, notes);
        String serverName =
                address.authority() == null ? NOWHERE : address.authority().replaceFirst(":\\d*$", "");
        ClientConnection connection = new ClientConnection(
                new InetSocketAddress(client(question.client()), 0),
                listener.facts(),
                listener.tls() == null ? null : TLS,
                listener.tls() == null ? null : serverName,
                List.of());
        byte[] head = head(question, address, credential);
        RequestParser parser =
                new RequestParser(listener.limits().head(), listener.limits().fields());
        ByteBuf in = Unpooled.wrappedBuffer(head);
        return switch (parser.parse(in)) {
            case INCOMPLETE -> new Arrival(connection, null, RequestFault.REQUEST_LINE, notes);
            case FAULT -> new Arrival(connection, null, parser.fault(), notes);
            case HEAD -> {
                RequestReader reader = new RequestReader();
                RequestFault fault = reader.read(
                        connection.scheme(),
                        parser.version(),
                        parser.method(),
                        parser.bytes(),
                        parser.targetStart(),
                        parser.targetEnd(),
                        null,
                        parser.headers());
                yield fault == null
                        ? new Arrival(connection, reader.request(), null, notes)
                        : new Arrival(connection, null, fault, notes);
            }
        };
    }

    private static byte[] head(Question question, Address address, @Nullable String credential)
            throws QuestionException {
        if (!question.method().matches("[!-~]{1,64}")) {
            throw new QuestionException("method: " + question.method() + " (expected: a method such as GET)");
        }
        StringBuilder head = new StringBuilder()
                .append(question.method())
                .append(' ')
                .append(address.target())
                .append(" HTTP/1.1\r\n");
        boolean named = question.headers().stream()
                .anyMatch(field -> field.toLowerCase(Locale.ROOT).startsWith("host:"));
        if (!named) {
            head.append("Host: ")
                    .append(address.authority() == null ? NOWHERE : address.authority())
                    .append("\r\n");
        }
        for (String field : question.headers()) {
            head.append(checked(field)).append("\r\n");
        }
        if (credential != null) {
            head.append(checked(credential)).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String checked(String field) throws QuestionException {
        if (field.indexOf(':') < 1 || field.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            throw new QuestionException("header: (expected: a field such as 'Accept: text/html', on one line)");
        }
        return field;
    }

    private static InetAddress client(@Nullable String text) throws QuestionException {
        if (text == null) {
            return InetAddress.getLoopbackAddress();
        }
        InetAddress address = text.indexOf('%') >= 0 ? null : NetUtil.createInetAddressFromIpAddressString(text);
        if (address == null) {
            throw new QuestionException("client: " + text + " (expected: an IP address such as 192.0.2.7)");
        }
        return address;
    }

    private static ListenerSettings listener(
            @Nullable String name, Address address, List<ListenerSettings> listeners, List<String> notes)
            throws QuestionException {
        if (name != null) {
            for (ListenerSettings one : listeners) {
                if (one.name().equals(name)) {
                    return one;
                }
            }
            throw new QuestionException("no listener is called " + name + " ("
                    + Nearest.hint(
                            name, listeners.stream().map(ListenerSettings::name).toList()) + ")");
        }
        ListenerSettings best = null;
        int most = -1;
        for (ListenerSettings one : listeners) {
            boolean scheme = address.scheme() == null || address.scheme().equals(one.tls() == null ? "http" : "https");
            boolean port = one.bind().getPort() != 0 && one.bind().getPort() == address.port();
            int fits = (scheme ? 2 : 0) + (port ? 1 : 0);
            if (fits > most) {
                most = fits;
                best = one;
            }
        }
        if (best == null) {
            throw new QuestionException("the configuration has no listener (expected: one that the request comes to)");
        }
        if (most < 2) {
            notes.add("no listener speaks " + address.scheme() + "; taken to come to " + best.name());
        } else if (most < 3 && listeners.size() > 1) {
            notes.add("taken to come to listener " + best.name() + "; --listener names another");
        }
        return best;
    }
}
