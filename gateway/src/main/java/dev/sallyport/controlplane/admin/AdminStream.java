package dev.sallyport.controlplane.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/// The body of an answer that goes on for a while. On a virtual thread that may block.
@FunctionalInterface
public interface AdminStream {
    /// Writes until it is done, the client is gone, or `pause` says that the listener ends.
    void write(OutputStream out, Pause pause) throws IOException;

    /// Waits between two parts.
    @FunctionalInterface
    interface Pause {
        /// Returns after `time`, or sooner with false: then there is to be nothing more.
        boolean over(Duration time);
    }
}
