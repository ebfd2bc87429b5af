package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.Shorthand;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An OpenTelemetry collector and the way to it.
@Doc("An OpenTelemetry collector, spoken to by OTLP.")
@Shorthand("endpoint")
public record OtlpConfig(
        @Doc(
                "Its address, such as `http://127.0.0.1:4318`, without `/v1/traces`: https, or http on a loopback address. Nothing else is contacted.")
        String endpoint,

        @Doc("How messages travel; collectors listen on port 4318 for the one and 4317 for the other.") @Default("http")
        Protocol protocol,

        @Doc("Header fields that are sent with everything, such as a key of the collector.")
        @Default("{}")
        @Matches(value = OtlpConfig.NAME, expected = "the name of a header field")
        Map<String, Secret> headers,

        @Doc("The only authorities that are believed, in PEM. Left out: those of the Java runtime.") @Nullable
        Path trust,

        @Doc("What the gateway shows the collector.") @Nullable
        KeyPair clientCertificate,

        @Doc("How long one attempt may take.") @Default("10s") @Range(min = "100ms", max = "1m")
        Duration timeout,

        @Doc("Whether messages are compressed.") @Default("gzip")
        Compression compression) {
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,99}";

    /// Those that say how a message is to be read or where it ends.
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "te",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    /// How messages travel.
    public enum Protocol {
        @Doc("Protobuf in HTTP/1.1 requests.")
        HTTP,
        @Doc("gRPC, over HTTP/2.")
        GRPC
    }

    /// How messages are compressed.
    public enum Compression {
        GZIP,
        NONE
    }

    /// A certificate with its key.
    @Doc("What the gateway shows the collector.")
    public record KeyPair(
            @Doc("The certificate and its intermediates, in PEM.")
            Path chain,

            @Doc("Its private key, in PEM.") Path key) {}

    public OtlpConfig {
        check(endpoint);
        headers.forEach(OtlpConfig::check);
        if (endpoint.startsWith("http:") && (trust != null || clientCertificate != null)) {
            throw new IllegalArgumentException(
                    (trust != null ? "trust" : "client-certificate") + ": without TLS (expected: an https endpoint)");
        }
    }

    public URI uri() {
        return URI.create(endpoint);
    }

    private static void check(String endpoint) {
        URI uri = null;
        try {
            uri = URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            // said below
        }
        boolean plain = uri != null && plain(uri);
        if (uri == null || !plain || !safe(uri)) {
            // a password may stand there
            String shown = plain ? endpoint : "not such an address";
            throw new IllegalArgumentException(
                    "endpoint: " + shown + " (expected: an https URL; http only on a loopback address)");
        }
    }

    private static boolean plain(URI uri) {
        return uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getQuery() == null
                && uri.getFragment() == null;
    }

    private static boolean safe(URI uri) {
        return "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && loopback(uri.getHost()));
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    private static void check(String name, Secret value) {
        String small = name.toLowerCase(Locale.ROOT);
        if (OURS.contains(small) || small.startsWith("grpc-") || small.endsWith("-bin")) {
            throw new IllegalArgumentException(
                    "headers." + name + ": is the gateway's to say (expected: another name)");
        }
        if (value.reveal().isBlank() || value.reveal().chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("headers." + name + ": not printable ASCII (expected: no line breaks)");
        }
    }
}
