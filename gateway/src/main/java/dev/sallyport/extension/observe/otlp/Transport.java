package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import java.time.Duration;

/// Hands one message to a collector; blocks, one after the other.
@OffLoop("the thread of an outflow")
interface Transport extends AutoCloseable {
    /// Hands over `message`, within `limit`. What goes wrong on the way is a [Reply] too.
    Reply send(byte[] message, Duration limit) throws InterruptedException;

    @Override
    void close();
}
