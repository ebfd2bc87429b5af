package dev.sallyport.app.overload;

import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.overload.LoadGate;
import dev.sallyport.dataplane.overload.Signal;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Looks twice a second at what loops cannot look at: how full memory is, which connections could make room, and
/// whether it is to be said that an overload has begun or is over.
public final class PressureWatch implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    /// How long a connection has had no request for that is closed first; then those that follow.
    private static final List<Duration> UNUSED_FOR =
            List.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(1));

    private final GatewayLoad load;
    private final Supplier<List<Upstream>> upstreams;
    private final Room room;
    private final IntSupplier memory;
    private final EventLog log;
    private final Map<String, Episode> upstreamEpisodes = new HashMap<>();
    private final Episode gatewayEpisode = new Episode();
    private final Thread thread;
    private int stage;

    /// Where connections can be made to give room.
    public interface Room {
        /// Whether any port has nearly as many as it takes.
        boolean crowded();

        /// Closes connections that have been without a request for so long, some of them.
        ///
        /// @param everywhere or only where it is crowded
        void relieve(Duration unusedFor, boolean everywhere);
    }

    public PressureWatch(GatewayLoad load, Supplier<List<Upstream>> upstreams, Room room, EventLog log) {
        this(load, upstreams, room, new Memory()::permille, log);
    }

    PressureWatch(GatewayLoad load, Supplier<List<Upstream>> upstreams, Room room, IntSupplier memory, EventLog log) {
        this.load = load;
        this.upstreams = upstreams;
        this.room = room;
        this.memory = memory;
        this.log = log;
        this.thread = Thread.ofVirtual().name("pressure-watch").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(LOOK_AGAIN);
                look();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Looks once.
    void look() {
        load.memory(memory.getAsInt());
        makeRoom();
        Signal signal = load.shedding();
        switch (gatewayEpisode.next(load.refused())) {
            case BEGUN ->
                log.event(Event.OVERLOAD_BEGUN, "of", "gateway", "signal", signal == null ? "" : signal.word());
            case OVER -> log.event(Event.OVERLOAD_OVER, "of", "gateway", "refused", gatewayEpisode.refused());
            case NOTHING_NEW -> {}
        }
        List<Upstream> now = upstreams.get();
        upstreamEpisodes.keySet().retainAll(now.stream().map(Upstream::name).toList());
        for (Upstream upstream : now) {
            LoadGate gate = upstream.load();
            if (gate != null) {
                look(upstream.name(), gate);
            }
        }
    }

    private void look(String name, LoadGate gate) {
        Episode episode = upstreamEpisodes.computeIfAbsent(name, _ -> new Episode());
        switch (episode.next(gate.refused())) {
            case BEGUN -> log.event(Event.OVERLOAD_BEGUN, "of", "upstream", "upstream", name, "limit", gate.limit());
            case OVER ->
                log.event(
                        Event.OVERLOAD_OVER,
                        "of",
                        "upstream",
                        "upstream",
                        name,
                        "limit",
                        gate.limit(),
                        "refused",
                        episode.refused());
            case NOTHING_NEW -> {}
        }
    }

    private void makeRoom() {
        boolean everywhere = load.shedsConnections();
        if (everywhere || room.crowded()) {
            room.relieve(UNUSED_FOR.get(stage), everywhere);
            stage = Math.min(stage + 1, UNUSED_FOR.size() - 1);
        } else {
            stage = 0;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// A time in which requests are refused again and again.
    private static final class Episode {
        private static final int QUIET_LOOKS = 10;
        private static final long UNKNOWN = -1;

        private long before = UNKNOWN;
        private long refusedAtBegin;
        private long refused;
        private int quiet = QUIET_LOOKS;

        /// What there is to be said.
        private enum News {
            BEGUN,
            OVER,
            NOTHING_NEW
        }

        /// @param total refused so far
        News next(long total) {
            long last = before;
            before = total;
            if (last != UNKNOWN && total > last) {
                boolean begun = quiet >= QUIET_LOOKS;
                refusedAtBegin = begun ? last : refusedAtBegin;
                quiet = 0;
                return begun ? News.BEGUN : News.NOTHING_NEW;
            }
            if (quiet < QUIET_LOOKS && ++quiet == QUIET_LOOKS) {
                refused = total - refusedAtBegin;
                return News.OVER;
            }
            return News.NOTHING_NEW;
        }

        long refused() {
            return refused;
        }
    }
}
