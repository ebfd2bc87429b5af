package dev.sallyport.api.pem;

/// Something that is no PEM, or not the PEM it should be; the message names where it is from and what was expected,
/// and repeats nothing of a key.
public final class PemException extends Exception {
    private static final long serialVersionUID = 1L;

    PemException(String message) {
        super(message);
    }

    PemException(String message, Throwable cause) {
        super(message, cause);
    }
}
