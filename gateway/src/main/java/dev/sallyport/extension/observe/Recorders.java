package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import java.util.List;
import java.util.function.Consumer;

/// Several recorders as one, replaceable while requests are served. A recorder that throws does not keep the
/// others from
/// their work.
public final class Recorders implements Recorder {
    private volatile Recorder[] recorders;

    public Recorders(List<Recorder> recorders) {
        this.recorders = recorders.toArray(Recorder[]::new);
    }

    /// Records with `next` from now on; an event loop may still be using the old ones for a moment. From any
    /// thread.
    public void replace(List<Recorder> next) {
        recorders = next.toArray(Recorder[]::new);
    }

    @Override
    public void record(Exchange exchange) {
        RuntimeException first = null;
        for (Recorder recorder : recorders) {
            try {
                recorder.record(exchange);
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {
        each(recorder -> recorder.recordFault(connection, fault));
    }

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {
        each(recorder -> recorder.recordBug(exchange, bug));
    }

    /// For what is rare: a lambda per request would be garbage.
    private void each(Consumer<Recorder> call) {
        RuntimeException first = null;
        for (Recorder recorder : recorders) {
            try {
                call.accept(recorder);
            } catch (RuntimeException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
