package dev.sallyport.extension.observe.otlp;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What was handed to collectors and what was not; outlives the outflows that come and go with configurations.
@OffLoop("threads of outflows, and those that ask for metrics")
public final class OtlpFigures implements MetricSource {
    private final Map<Signal, Figures> figures = new EnumMap<>(Signal.class);

    public OtlpFigures() {
        for (Signal signal : Signal.values()) {
            figures.put(signal, new Figures());
        }
    }

    /// Why something never reached a collector.
    enum Loss {
        /// Too much waited already.
        QUEUE_FULL("queue-full"),
        /// The collector could not be reached for too long, or until the gateway had to stop.
        UNDELIVERED("undelivered"),
        /// The collector did not want the message.
        REFUSED("refused"),
        /// The collector did not want these of a message.
        REJECTED("rejected"),
        /// A bug of ours.
        UNENCODABLE("unencodable");

        private final String label;

        Loss(String label) {
            this.label = label;
        }
    }

    /// Of one kind of signal.
    static final class Figures {
        private final LongAdder delivered = new LongAdder();
        private final LongAdder attempts = new LongAdder();
        private final Map<Loss, LongAdder> lost = new EnumMap<>(Loss.class);
        private final Set<Outflow<?>> flows = ConcurrentHashMap.newKeySet();

        private Figures() {
            for (Loss loss : Loss.values()) {
                lost.put(loss, new LongAdder());
            }
        }

        void delivered(long items) {
            delivered.add(items);
        }

        void failedAttempt() {
            attempts.increment();
        }

        void lost(Loss why, long items) {
            adder(why).add(items);
        }

        void opened(Outflow<?> flow) {
            flows.add(flow);
        }

        void closed(Outflow<?> flow) {
            flows.remove(flow);
        }

        long lost() {
            return lost.values().stream().mapToLong(LongAdder::sum).sum();
        }

        private LongAdder adder(Loss why) {
            LongAdder adder = lost.get(why);
            if (adder == null) {
                throw new IllegalStateException(why.label);
            }
            return adder;
        }
    }

    Figures of(Signal signal) {
        Figures found = figures.get(signal);
        if (found == null) {
            throw new IllegalStateException(signal.label());
        }
        return found;
    }

    /// Only signals that something was or is to be said of.
    @Override
    public void collect(MetricSink sink) {
        figures.forEach((signal, own) -> {
            if (own.flows.isEmpty() && own.delivered.sum() == 0 && own.lost() == 0) {
                return;
            }
            String label = signal.label();
            sink.value(Metrics.OTLP_EXPORTED, own.delivered.sum(), label);
            sink.value(Metrics.OTLP_FAILURES, own.attempts.sum(), label);
            for (Loss why : Loss.values()) {
                sink.value(Metrics.OTLP_DROPPED, own.adder(why).sum(), label, why.label);
            }
            long waiting = own.flows.stream().mapToLong(Outflow::waiting).sum();
            sink.value(Metrics.OTLP_WAITING, waiting, label);
        });
    }
}
