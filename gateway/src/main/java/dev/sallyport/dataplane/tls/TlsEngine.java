package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/// What does the cryptography of TLS.
public enum TlsEngine {
    /// The native library that comes with the gateway: a handshake costs a quarter of the JDK's.
    BORINGSSL(SslProvider.OPENSSL_REFCNT),
    /// Where there is no native library for this machine.
    JDK(SslProvider.JDK);

    private final SslProvider provider;

    TlsEngine(SslProvider provider) {
        this.provider = provider;
    }

    /// The best engine of this machine.
    public static TlsEngine installed() {
        return OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL_REFCNT) ? BORINGSSL : JDK;
    }

    SslProvider provider() {
        return provider;
    }

    /// The engine with its version, for people.
    public String description() {
        return switch (this) {
            case BORINGSSL -> OpenSsl.versionString();
            case JDK -> "JDK " + Runtime.version();
        };
    }
}
