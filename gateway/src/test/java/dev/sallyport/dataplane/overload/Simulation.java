package dev.sallyport.dataplane.overload;

import dev.sallyport.api.traffic.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// An upstream that serves so many requests at once, each in its time, the others waiting in its queue, behind a gate;
/// and callers who do not wait for each other's answers. Its time is its own, so that minutes pass in no time.
final class Simulation {
    static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int LOOPS = 2;

    final LoadGate gate;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final ArrayDeque<Request> queue = new ArrayDeque<>();
    private final SplittableRandom random;
    private int servers;
    private int busy;
    private long now = 5 * SECOND;
    private long sequence;

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /// Who asks.
    final class Source {
        final int rank;
        final int slot;
        private double perSecond;
        private long service;
        private boolean running;
        int sent;
        int served;
        int fullUp;
        int aboveShare;
        final List<Long> times = new ArrayList<>();

        private Source(int rank, int slot) {
            this.rank = rank;
            this.slot = slot;
        }

        /// Asks so often from now on, at random intervals; each request takes `millis` of a server.
        Source rate(double times, double millis) {
            perSecond = times;
            service = (long) (millis * MILLI);
            if (!running && times > 0) {
                running = true;
                next();
            }
            return this;
        }

        private void next() {
            if (perSecond == 0) {
                running = false;
                return;
            }
            long wait = (long) (-Math.log(1 - random.nextDouble()) * SECOND / perSecond);
            at(now + wait, () -> {
                send();
                next();
            });
        }

        private void send() {
            if (perSecond == 0) {
                return;
            }
            sent++;
            int loop = sent % LOOPS;
            int ticket = gate.take(loop, rank, slot, now);
            if (ticket == LoadGate.FULL) {
                fullUp++;
            } else if (ticket == LoadGate.ABOVE_SHARE) {
                aboveShare++;
            } else {
                arrive(new Request(this, loop, ticket, now, service));
            }
        }

        /// Begins to count anew.
        void reset() {
            sent = 0;
            served = 0;
            fullUp = 0;
            aboveShare = 0;
            times.clear();
        }

        double servedShare() {
            return served / (double) sent;
        }

        long quantile(double q) {
            return times.stream()
                    .sorted()
                    .skip((long) (q * (times.size() - 1)))
                    .findFirst()
                    .orElse(0L);
        }
    }

    private record Request(Source source, int loop, int ticket, long since, long service) {}

    Simulation(Bounds bounds, int servers) {
        this(bounds, servers, 7);
    }

    Simulation(Bounds bounds, int servers, long seed) {
        this.gate = new LoadGate(bounds, LOOPS);
        this.servers = servers;
        this.random = new SplittableRandom(seed);
    }

    /// A caller who is told from others by `slot`.
    @SuppressWarnings("EnumOrdinal") // as ranks are made
    Source source(Priority priority, boolean known, int slot) {
        return new Source(priority.ordinal() * 4 + (known ? 2 : 1), slot);
    }

    /// Serves so many at once from now on.
    void servers(int count) {
        servers = count;
        serve();
    }

    private void at(long time, Runnable action) {
        events.add(new Event(time, sequence++, action));
    }

    private void arrive(Request request) {
        queue.add(request);
        serve();
    }

    private void serve() {
        while (busy < servers && !queue.isEmpty()) {
            Request request = queue.remove();
            busy++;
            at(now + request.service, () -> done(request));
        }
    }

    private void done(Request request) {
        busy--;
        gate.answered(request.loop, now - request.since);
        gate.giveBack(request.loop, request.ticket);
        request.source.served++;
        request.source.times.add(now - request.since);
        serve();
    }

    /// Lets so much time pass.
    void run(double seconds) {
        long end = now + (long) (seconds * SECOND);
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.remove();
            now = event.at;
            event.action.run();
        }
        now = end;
    }

    /// Has `each` look at the limit so many times, `seconds` apart.
    List<Integer> limits(int times, double seconds) {
        List<Integer> limits = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            run(seconds);
            limits.add(gate.limit());
        }
        return limits;
    }
}
