package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.util.HexFormat;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Tells of bugs that ended an exchange, with their stack trace, in the log of the process; not of requests.
///
/// A bug that every request meets must not become a flood: what comes while sixteen wait to be written is left to
/// the counter `sallyport.bugs`.
public final class BugLog implements Recorder {
    private static final int WAITING = 16;

    private final EventLog events;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("bug-log").daemon(true).factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    public BugLog(EventLog events) {
        this.events = events;
    }

    @Override
    public void record(Exchange exchange) {}

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {}

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {
        String route = exchange.route();
        long high = exchange.requestIdHigh();
        long low = exchange.requestIdLow();
        writer.execute(() -> {
            HexFormat hex = HexFormat.of();
            String id = hex.toHexDigits(high) + hex.toHexDigits(low);
            events.failure(Event.INTERNAL_ERROR, bug, "route", route, "request", id);
        });
    }
}
