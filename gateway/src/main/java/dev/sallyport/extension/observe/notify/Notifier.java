package dev.sallyport.extension.observe.notify;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.alert.Notification;

/// A way to tell of alerts.
@OffLoop("a virtual thread for each")
public interface Notifier extends AutoCloseable {
    /// As operators know it: `webhook hooks.example.com`. Without anything secret.
    String name();

    /// Tells; waits for the answer, for a bounded time.
    ///
    /// @return what was answered, in a few words
    /// @throws NotDelivered it was not accepted
    String deliver(Notification notification) throws NotDelivered;

    @Override
    default void close() {}
}
