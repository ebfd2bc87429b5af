package dev.sallyport.controlplane.config;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A port that clients connect to.
@Doc("A port that clients connect to.")
public record ListenerConfig(
        @Doc("Address and port, such as `0.0.0.0:8443` or `[::]:8443`.")
        BindAddress bind,

        @Doc("What clients may speak. Left out: `[http/1.1, h2]` with `tls`, `[http/1.1]` without. "
                + "`h2` without `tls` is HTTP/2 with prior knowledge; it has to be written out.")
        @Nullable
        List<Protocol> protocols,

        @Doc("TLS; without it the port speaks plain HTTP, for loopback and for behind another proxy.") @Nullable
        Tls tls,

        @Doc("Only these peers' `Forwarded` and `X-Forwarded-*` fields are believed; addresses or CIDR ranges.")
        @Default("[]")
        List<AddressRange> trustedProxies,

        @Doc(
                "Scheme and authority that clients know this port by, such as `https://api.example.com`, where that is not "
                        + "what they ask for: behind another proxy. Sender-bound tokens, logins and metadata go by it.")
        @Matches(
                value = "https?://[A-Za-z0-9.\\[\\]:-]+",
                expected = "scheme and authority without path, such as https://api.example.com")
        @Nullable
        String publicUrl,

        @Doc("What one client, and all of them, may use up.") @Default("{}")
        Limits limits) {

    public ListenerConfig {
        if (protocols != null && protocols.isEmpty()) {
            throw new IllegalArgumentException("protocols: none (expected: at least one, such as http/1.1)");
        }
    }

    /// What clients may speak, as written or by default.
    public List<Protocol> spoken() {
        if (protocols != null) {
            return protocols;
        }
        return tls == null ? List.of(Protocol.HTTP_1_1) : List.of(Protocol.HTTP_1_1, Protocol.H2);
    }

    /// A protocol that clients may speak.
    @NotYet("h3")
    public enum Protocol {
        HTTP_1_1("http/1.1"),
        H2("h2");

        private final String spelling;

        Protocol(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /// TLS of a listener.
    @Doc("TLS of a listener. The files are watched and read again when they change.")
    public record Tls(
            @Doc("Chosen by the server name that a client asks for. Clients that connect to an address get the first "
                    + "that is for an IP address.")
            List<Certificate> certificates,

            @Doc("What a client gets that asks for a name no certificate is for.") @Default("refuse")
            UnknownName unknownName,

            @Doc("The oldest version of TLS.") @Default("TLSv1.2")
            TlsVersion minVersion,

            @Doc("Certificates of clients.") @Default("{}") ClientCertificate clientCertificate) {
        public Tls {
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("certificates: none (expected: at least one)");
            }
        }
    }

    /// What a client gets that asks for a name no certificate is for.
    public enum UnknownName {
        @Doc("The alert `unrecognized_name`.")
        REFUSE,
        @Doc("The first certificate.")
        FIRST_CERTIFICATE
    }

    /// A certificate with its key.
    @Doc("A certificate with its key, both in PEM.")
    public record Certificate(
            @Doc("The certificate followed by its intermediates.")
            Path chain,

            @Doc("The private key.") Path key) {}

    /// A version of TLS.
    public enum TlsVersion {
        TLS_1_2("TLSv1.2"),
        TLS_1_3("TLSv1.3");

        private final String spelling;

        TlsVersion(String spelling) {
            this.spelling = spelling;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /// Whether and how clients show certificates.
    @Doc("Whether clients show certificates, and who may have issued them.")
    public record ClientCertificate(
            @Doc("Whether a client is asked for a certificate.") @Default("off")
            Mode mode,

            @Doc("The certification authorities that are trusted, in PEM.") @Nullable
            Path trust) {
        public ClientCertificate {
            if (mode != Mode.OFF && trust == null) {
                throw new IllegalArgumentException(
                        "trust: missing (expected: a file of authorities with mode: " + mode.word() + ")");
            }
            if (mode == Mode.OFF && trust != null) {
                throw new IllegalArgumentException(
                        "mode: off although `trust` is given (expected: optional or required)");
            }
        }
    }

    /// Whether a client is asked for a certificate.
    public enum Mode {
        @Doc("Not asked for.")
        OFF,
        @Doc("Asked for; one that is shown must be valid.")
        OPTIONAL,
        @Doc("A client without a valid one is turned away.")
        REQUIRED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /// What clients may use up.
    @Doc("What one client, and all of them, may use up.")
    public record Limits(
            @Doc("Size of request line and header fields.") @Default("32KiB") @Range(min = "1KiB", max = "1MiB")
            ByteSize head,

            @Doc("How many header fields.") @Default("100") @Range(min = "1", max = "1000")
            int headers,

            @Doc("Size of a request body.") @Default("10MiB") @Range(min = "0", max = "1024GiB")
            ByteSize body,

            @Doc("Until the head of a request is complete.") @Default("10s") @Range(min = "100ms", max = "10m")
            Duration headTimeout,

            @Doc("How fast a request body must arrive, after a grace of a few seconds.") @Default("1KiB/s")
            ByteRate bodyMinRate,

            @Doc("Between requests, and between octets under way.") @Default("75s") @Range(min = "1s", max = "24h")
            Duration idleTimeout,

            @Doc("Connections open at once.") @Default("50000") @Range(min = "1", max = "10000000")
            int connections,

            @Doc("Connections open at once from one address (IPv6: from one /64).")
            @Default("1000")
            @Range(min = "1", max = "10000000")
            int connectionsPerAddress,

            @Doc("TLS handshakes under way at once; a connection above that is closed before anything is read of it.")
            @Default("5000")
            @Range(min = "1", max = "10000000")
            int handshakes,

            @Doc("TLS handshakes under way at once from one address (IPv6: from one /64).")
            @Default("500")
            @Range(min = "1", max = "10000000")
            int handshakesPerAddress,

            @Doc("HTTP/2 streams open at once on one connection.") @Default("100") @Range(min = "1", max = "10000")
            int streamsPerConnection) {}
}
