package dev.sallyport.testing;

import java.io.IOException;

/// What was read is not a message that a strict reader accepts.
public final class MalformedMessage extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedMessage(String message) {
        super(message);
    }
}
