package dev.sallyport.extension.observe.source;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.http.RequestFault;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The latest requests of each route that were refused or failed, or took long: one of each for each event loop.
/// What is served quickly costs a glance.
public final class RequestExamples implements Recorder {
    private static final int ROUTES = 2_048;
    private static final long LONG_NANOS = 10_000_000;
    private static final int BAD_FROM = 400;

    private final Loop[] loops;

    /// @param loops how many event loops there are
    public RequestExamples(int loops) {
        this.loops = new Loop[loops];
        for (int i = 0; i < loops; i++) {
            this.loops[i] = new Loop();
        }
    }

    /// A request's id.
    private record Id(long high, long low) {
        String text() {
            HexFormat hex = HexFormat.of();
            return hex.toHexDigits(high) + hex.toHexDigits(low);
        }
    }

    /// What one event loop saw of one route; it alone writes.
    private static final class Example {
        private final String route;
        private volatile @Nullable Id bad;
        private volatile @Nullable Id slow;
        private double usualNanos;

        Example(String route) {
            this.route = route;
        }

        /// Notes a request that took longer than those before it, on a moving average.
        void took(long nanos, Exchange exchange) {
            if (nanos >= usualNanos) {
                slow = new Id(exchange.requestIdHigh(), exchange.requestIdLow());
            }
            usualNanos += (nanos - usualNanos) / 16;
        }
    }

    /// Found without a lock; of fixed size, and begun anew when it is full of routes that came and went.
    private static final class Loop {
        private volatile @Nullable Example[] slots = new Example[2 * ROUTES];
        private int size;

        Example find(String route) {
            @Nullable Example[] table = slots;
            int slot = route.hashCode() & (2 * ROUTES - 1);
            Example example;
            while ((example = table[slot]) != null) {
                if (example.route.equals(route)) {
                    return example;
                }
                slot = (slot + 1) & (2 * ROUTES - 1);
            }
            if (size == ROUTES) {
                size = 0;
                table = new Example[2 * ROUTES];
                slot = route.hashCode() & (2 * ROUTES - 1);
            }
            example = new Example(route);
            table[slot] = example;
            size++;
            slots = table;
            return example;
        }

        @Nullable
        Example known(String route) {
            @Nullable Example[] table = slots;
            int slot = route.hashCode() & (2 * ROUTES - 1);
            Example example;
            while ((example = table[slot]) != null && !example.route.equals(route)) {
                slot = (slot + 1) & (2 * ROUTES - 1);
            }
            return example;
        }
    }

    @Override
    public void record(Exchange exchange) {
        long nanos = exchange.endedAt() - exchange.startedAt();
        boolean bad = exchange.status() >= BAD_FROM || exchange.failure() != null;
        if (!bad && nanos < LONG_NANOS) {
            return;
        }
        Example example = loops[exchange.loop()].find(exchange.route());
        if (bad) {
            example.bad = new Id(exchange.requestIdHigh(), exchange.requestIdLow());
        } else {
            example.took(nanos, exchange);
        }
    }

    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {}

    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}

    /// Ids of requests of `route` that were refused or failed, of late.
    public List<String> bad(String route) {
        List<String> ids = new ArrayList<>();
        for (Loop loop : loops) {
            Example example = loop.known(route);
            Id id = example == null ? null : example.bad;
            if (id != null) {
                ids.add(id.text());
            }
        }
        return ids;
    }

    /// Ids of requests of `route` that took long, of late.
    public List<String> slow(String route) {
        List<String> ids = new ArrayList<>();
        for (Loop loop : loops) {
            Example example = loop.known(route);
            Id id = example == null ? null : example.slow;
            if (id != null) {
                ids.add(id.text());
            }
        }
        return ids;
    }
}
