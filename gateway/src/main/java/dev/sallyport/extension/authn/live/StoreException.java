package dev.sallyport.extension.authn.live;

/// A store cannot be read or written; the message says which, why, and what would be right.
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
