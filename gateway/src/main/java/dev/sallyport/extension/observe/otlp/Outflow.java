package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.observe.otlp.OtlpFigures.Figures;
import dev.sallyport.extension.observe.otlp.OtlpFigures.Loss;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// What is on its way to a collector: a bounded queue, and a thread that hands over what is in it in batches.
///
/// To offer never waits: what does not fit is lost and counted. Neither a slow collector nor one that is away is felt
/// by
/// whoever offers.
@OffLoop("a thread of its own; offered to by threads that are not event loops")
public final class Outflow<T> implements AutoCloseable {
    /// Most octets of a message before it is compressed. Collectors take 4 MiB by gRPC unless they are told
    /// otherwise.
    static final int MOST_OCTETS = 3 * 1024 * 1024;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);
    private static final long LAST_WORDS_MILLIS = 200;

    /// It is seen within this time that it is time to stop.
    private static final long LOOK_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final BlockingQueue<T> waiting;
    private final Room room;
    private final Encoding<T> encoding;
    private final Transport transport;
    private final Courier courier;
    private final Figures figures;
    private final EventLog events;
    private final Thread thread;
    private boolean broken;

    /// How much may wait, and what a batch is.
    ///
    /// @param queue how many items may wait
    /// @param batch how many travel together at most
    /// @param delay how long an item waits for others to travel with
    public record Room(int queue, int batch, Duration delay) {
        /// Several seconds of a busy gateway's spans.
        public static final Room USUAL = new Room(8192, 2048, Duration.ofSeconds(1));
    }

    /// What all outflows have in common.
    ///
    /// @param figures what is counted
    /// @param events  told when a collector fails and when it works again
    public record Common(OtlpFigures figures, EventLog events) {}

    private Outflow(
            CollectorSettings settings,
            Signal signal,
            Room room,
            Encoding<T> encoding,
            Common common,
            Courier.Patience patience) {
        this.waiting = new ArrayBlockingQueue<>(room.queue());
        this.room = room;
        this.encoding = encoding;
        this.figures = common.figures().of(signal);
        this.events = common.events();
        this.transport = Courier.transport(settings, signal);
        this.courier = new Courier(settings, signal, transport, patience, figures, events);
        this.thread =
                Thread.ofPlatform().name("otlp-" + signal.label()).daemon(true).unstarted(this::run);
        figures.opened(this);
        thread.start();
    }

    /// Tells spans.
    public static Outflow<SpanData> ofSpans(CollectorSettings settings, Room room, Common common) {
        return new Outflow<>(settings, Signal.TRACES, room, Encoding.spans(), common, Courier.Patience.USUAL);
    }

    static Outflow<LogRecordData> ofLogs(
            CollectorSettings settings, Room room, Common common, Courier.Patience patience) {
        return new Outflow<>(settings, Signal.LOGS, room, Encoding.logs(), common, patience);
    }

    /// Tells log records.
    public static Outflow<LogRecordData> ofLogs(CollectorSettings settings, Room room, Common common) {
        return ofLogs(settings, room, common, Courier.Patience.USUAL);
    }

    /// Tells metrics.
    public static Outflow<MetricData> ofMetrics(CollectorSettings settings, Room room, Common common) {
        return new Outflow<>(settings, Signal.METRICS, room, Encoding.metrics(), common, Courier.Patience.USUAL);
    }

    /// Takes `item` to be told; false when there is no room, and it is lost. Never waits.
    public boolean offer(T item) {
        if (courier.isClosing() || !waiting.offer(item)) {
            figures.lost(Loss.QUEUE_FULL, 1);
            return false;
        }
        return true;
    }

    /// How many items wait.
    public int waiting() {
        return waiting.size();
    }

    private void run() {
        List<T> batch = new ArrayList<>(room.batch());
        try {
            while (!courier.isClosing() || !waiting.isEmpty()) {
                if (gathered(batch)) {
                    send(batch);
                    batch.clear();
                }
            }
        } catch (InterruptedException e) {
            figures.lost(Loss.UNDELIVERED, batch.size());
        } finally {
            batch.clear();
            figures.lost(Loss.UNDELIVERED, waiting.drainTo(batch));
            transport.close();
            figures.closed(this);
        }
    }

    /// Fills `batch`: with what there is after the time to wait for others, or sooner if it is full.
    private boolean gathered(List<T> batch) throws InterruptedException {
        T first = waiting.poll(LOOK_UP_NANOS, TimeUnit.NANOSECONDS);
        if (first == null) {
            return false;
        }
        batch.add(first);
        waiting.drainTo(batch, room.batch() - 1);
        long until = System.nanoTime() + room.delay().toNanos();
        long left;
        while (batch.size() < room.batch() && (left = until - System.nanoTime()) > 0) {
            // not in the queue: who offers would have to wake this thread for every single item
            boolean closing = courier.closesWithin(Math.min(left, LOOK_UP_NANOS));
            // also what was offered just before it was closed: a report travels whole
            waiting.drainTo(batch, room.batch() - batch.size());
            if (closing) {
                break;
            }
        }
        return true;
    }

    private void send(List<T> batch) throws InterruptedException {
        byte[] message;
        try {
            message = encoding.encode(batch);
        } catch (RuntimeException e) {
            figures.lost(Loss.UNENCODABLE, batch.size());
            if (!broken) {
                broken = true;
                events.failure(Event.INTERNAL_ERROR, e, "in", thread.getName());
            }
            return;
        }
        int half = batch.size() / 2;
        if (message.length > MOST_OCTETS && half > 0) {
            send(batch.subList(0, half));
            send(batch.subList(half, batch.size()));
        } else {
            courier.deliver(message, batch.size());
        }
    }

    /// Hands over what waits and stops, within two seconds.
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    /// Hands over what waits and stops, within `deadline`; what cannot be handed over by then is lost and
    /// counted.
    public void close(Duration deadline) {
        courier.closeBy(System.nanoTime() + deadline.toNanos());
        try {
            if (!thread.join(deadline)) {
                thread.interrupt();
                thread.join(LAST_WORDS_MILLIS);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
