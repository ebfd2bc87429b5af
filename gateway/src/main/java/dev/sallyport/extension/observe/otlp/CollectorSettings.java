package dev.sallyport.extension.observe.otlp;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Where a collector is, and how it is spoken to.
///
/// @param endpoint scheme, host, port and perhaps a path, without `/v1/traces`
/// @param headers  sent with everything; their values are secrets
/// @param tls      how connections are set up, null as the Java runtime does it
/// @param timeout  of one attempt to hand something over
/// @param gzip     whether messages are compressed
public record CollectorSettings(
        URI endpoint,
        Protocol protocol,
        Map<String, String> headers,
        @Nullable SSLContext tls,
        Duration timeout,
        boolean gzip) {
    /// Long enough for a collector far away.
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// How messages travel.
    public enum Protocol {
        /// Protobuf in HTTP/1.1 requests.
        HTTP,
        /// gRPC.
        GRPC
    }

    public CollectorSettings {
        headers = Map.copyOf(headers);
    }

    /// Host and port, which is all that is told of it.
    String place() {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    /// Headers may be secrets.
    @Override
    public String toString() {
        return protocol + " " + place();
    }
}
