package dev.sallyport.extension.observe.trace;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import org.jspecify.annotations.Nullable;

/// Has exchanges told by the [Traces] that the configuration in use asks for, if it does.
public final class CurrentTraces implements Recorder, MetricSource {
    private final TraceFigures figures = new TraceFigures();
    private volatile @Nullable Traces traces;
    private volatile boolean ever;

    /// What is counted, whatever the configuration.
    TraceFigures figures() {
        return figures;
    }

    /// Tells by `next` from now on, or not at all; returns what told before, to be closed. An event loop may
    /// still be using
    /// that for a moment.
    public @Nullable Traces replace(@Nullable Traces next) {
        Traces before = traces;
        if (next != null) {
            ever = true;
        }
        traces = next;
        return before;
    }

    @Override
    public void record(Exchange exchange) {
        if (exchange.followed()) {
            Traces now = traces;
            if (now != null) {
                now.record(exchange);
            }
        }
    }

    /// A request that could not be understood belongs to no trace.
    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {}

    /// The exchange is recorded too.
    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}

    @Override
    public void collect(MetricSink sink) {
        if (ever) {
            figures.collect(sink);
        }
    }
}
