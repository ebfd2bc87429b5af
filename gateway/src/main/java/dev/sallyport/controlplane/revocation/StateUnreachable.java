package dev.sallyport.controlplane.revocation;

import java.io.IOException;

/// Shared state could not be asked; it may be again by itself.
final class StateUnreachable extends IOException {
    private static final long serialVersionUID = 1L;

    StateUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
