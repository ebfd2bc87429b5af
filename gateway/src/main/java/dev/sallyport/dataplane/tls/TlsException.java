package dev.sallyport.dataplane.tls;

/// Certificates, keys or settings that TLS cannot work with; the message says which and why.
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
