package dev.sallyport.extension.condition.value;

import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.Authority;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the request came from.
@Immutable
@SuppressWarnings("Immutable") // a view of an exchange, used and forgotten on its loop
final class ClientFacts extends Facts {
    static final StructType TYPE = type(
            "Client",
            Map.of(
                    "address", SimpleType.STRING,
                    "port", SimpleType.INT,
                    "listener", SimpleType.STRING,
                    "tls", SimpleType.BOOL,
                    "tls_version", SimpleType.STRING,
                    "server_name", SimpleType.STRING,
                    "certificate", CertificateFacts.TYPE));

    private final Exchange exchange;

    ClientFacts(Exchange exchange) {
        super(TYPE);
        this.exchange = exchange;
    }

    @Override
    @Nullable
    Object field(String name) {
        ClientConnection connection = exchange.connection();
        return switch (name) {
            case "address" -> text(exchange.clientAddress());
            case "port" -> port(connection);
            case "listener" -> connection.listener();
            case "tls" -> connection.secure();
            case "tls_version" -> connection.tlsVersion();
            case "server_name" -> connection.serverName();
            case "certificate" ->
                connection.certificates().isEmpty()
                        ? null
                        : new CertificateFacts(connection.certificates().getFirst());
            default -> null;
        };
    }

    /// That of the socket: known only when the client itself is at its other end.
    private @Nullable Long port(ClientConnection connection) {
        return exchange.clientAddress().equals(connection.peer().getAddress())
                ? (long) connection.peer().getPort()
                : null;
    }

    /// The one canonical spelling (RFC 5952), without zone.
    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        int zone = text.indexOf('%');
        Authority canonical = Authority.parse("[" + (zone < 0 ? text : text.substring(0, zone)) + "]");
        return canonical == null
                ? text
                : canonical.host().substring(1, canonical.host().length() - 1);
    }
}
