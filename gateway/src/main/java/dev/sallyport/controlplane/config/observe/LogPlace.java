package dev.sallyport.controlplane.config.observe;

import dev.sallyport.api.plugin.ByteSize;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A place that the access log goes to.
@Doc("One of `file`, `syslog` and `otlp`.")
public record LogPlace(
        @Doc("A file that is rotated by size; its folder must exist.") @Nullable
        Path file,

        @Doc("The size at which a new file is begun; left out: 100MiB.") @Range(min = "64KiB", max = "64GiB") @Nullable
        ByteSize rotate,

        @Doc("How many old files are kept; left out: 5.") @Range(min = "0", max = "1000") @Nullable
        Integer keep,

        @Doc("How old files are kept; left out: as they are.")
        AccessLogConfig.@Nullable Compress compress,

        @Doc(
                "A collector of syslog (RFC 5424): `tls://host:6514`, or `tcp://` and `udp://` on a loopback address or where `insecure` says so.")
        @Nullable
        String syslog,

        @Doc("What syslog files it under; left out: local0.") @Nullable
        Facility facility,

        @Doc("Whom syslog knows the gateway as; left out: sallyport.")
        @Matches(value = "[!-~]{1,48}", expected = "1 to 48 visible characters of ASCII")
        @Nullable
        String appName,

        @Doc("A collector of OpenTelemetry's logs.") @Nullable
        OtlpConfig otlp,

        @Doc("The only authorities that are believed of syslog, in PEM; left out: those of the Java runtime.") @Nullable
        Path trust,

        @Doc("Whether lines may leave this machine to syslog unencrypted; left out: no.") @Nullable
        Boolean insecure)
        implements AccessLogConfig.LogTarget {
    private static final Set<String> SYSLOG_SCHEMES = Set.of("tls", "tcp", "udp");
    private static final long ROTATE = 100L << 20;
    private static final int KEEP = 5;

    /// The facilities of RFC 5424 that programs like this one may have, in the order of their numbers.
    public enum Facility {
        USER(1),
        DAEMON(3),
        AUTH(4),
        AUTHPRIV(10),
        LOCAL0(16),
        LOCAL1(17),
        LOCAL2(18),
        LOCAL3(19),
        LOCAL4(20),
        LOCAL5(21),
        LOCAL6(22),
        LOCAL7(23);

        private final int code;

        Facility(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }

    public LogPlace {
        if (Stream.of(file, syslog, otlp).filter(Objects::nonNull).count() != 1) {
            throw new IllegalArgumentException("not one place (expected: one of file, syslog and otlp)");
        }
        only("rotate", rotate, "file", file);
        only("keep", keep, "file", file);
        only("compress", compress, "file", file);
        only("facility", facility, "syslog", syslog);
        only("app-name", appName, "syslog", syslog);
        only("trust", trust, "syslog", syslog);
        only("insecure", insecure, "syslog", syslog);
        if (syslog != null) {
            URI uri = checked(syslog, insecure);
            if (uri.getPort() < 1 || !uri.getPath().isEmpty()) {
                throw new IllegalArgumentException("syslog: " + syslog + " (expected: tls://host:port)");
            }
        }
    }

    private static void only(String key, @Nullable Object value, String beside, @Nullable Object there) {
        if (value != null && there == null) {
            throw new IllegalArgumentException(key + ": without " + beside + " (expected: beside " + beside + ")");
        }
    }

    private static @Nullable URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static URI checked(String text, @Nullable Boolean insecure) {
        URI uri = uri(text);
        String scheme =
                uri == null || uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri == null
                || uri.getHost() == null
                || uri.getUserInfo() != null
                || uri.getQuery() != null
                || uri.getFragment() != null
                || !SYSLOG_SCHEMES.contains(scheme)) {
            throw new IllegalArgumentException(
                    "syslog: " + text + " (expected: tls://host:port, tcp://host:port or udp://host:port)");
        }
        if (!scheme.equals("tls") && !Boolean.TRUE.equals(insecure) && !loopback(uri.getHost())) {
            throw new IllegalArgumentException(
                    "syslog: " + text + " (expected: tls; or a loopback address; or insecure: true)");
        }
        return uri;
    }

    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }

    /// The size at which a new file is begun, in octets.
    public long rotateAt() {
        return rotate == null ? ROTATE : rotate.octets();
    }

    /// How many old files are kept.
    public int kept() {
        return keep == null ? KEEP : keep;
    }

    /// What syslog files it under.
    public Facility filedUnder() {
        return facility == null ? Facility.LOCAL0 : facility;
    }
}
