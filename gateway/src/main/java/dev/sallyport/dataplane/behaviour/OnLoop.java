package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.dataplane.loop.Worker;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What one loop keeps of conduct for itself: scratch, and the callers that it saw lately, so that who does well day
/// in,
/// day out is noted once in a while only.
final class OnLoop extends Scratch {
    private static final int CALLERS = 1024;

    final Refusing refusing = new Refusing();
    final Pauses pauses;
    final UpstreamHealth health = new UpstreamHealth();
    private final Met[] met = new Met[CALLERS];

    /// A caller that was seen on this loop. It is the same object as long as it shows the same credential.
    static final class Met {
        private @Nullable Principal caller;
        private @Nullable ClientConnection connection;
        private @Nullable InetAddress address;

        /// When it last was noted that it did well, in seconds.
        long notedAt;

        /// Since when the caller does well, −1 where that is not known.
        long since;

        /// Whether it shows its token from where it usually does.
        boolean settled;

        /// When that was last looked at, in seconds.
        long lookedAt;
    }

    /// @param worker its loop; null where nothing ever waits
    OnLoop(KeySecret secret, @Nullable Worker worker) {
        super(secret);
        pauses = new Pauses(worker);
        for (int i = 0; i < CALLERS; i++) {
            met[i] = new Met();
        }
    }

    /// What is known here of `caller` on its connection; forgotten when it is another that has its place.
    @SuppressWarnings("ReferenceEquality") // the same object is the same credential; equal ones may be another
    Met met(Exchange exchange, Principal caller) {
        Met place = met[System.identityHashCode(caller) & (CALLERS - 1)];
        if (place.caller != caller
                || place.connection != exchange.connection()
                || !Objects.equals(place.address, exchange.clientAddress())) {
            place.caller = caller;
            place.connection = exchange.connection();
            place.address = exchange.clientAddress();
            place.notedAt = Long.MIN_VALUE;
            place.lookedAt = Long.MIN_VALUE;
            place.since = -1;
            place.settled = true;
        }
        return place;
    }
}
