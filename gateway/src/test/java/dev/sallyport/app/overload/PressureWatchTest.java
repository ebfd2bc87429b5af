package dev.sallyport.app.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.traffic.Endpoint;
import dev.sallyport.api.traffic.LoadBalancer;
import dev.sallyport.dataplane.forward.EndpointState;
import dev.sallyport.dataplane.forward.Upstream;
import dev.sallyport.dataplane.forward.UpstreamSettings;
import dev.sallyport.dataplane.overload.Bounds;
import dev.sallyport.dataplane.overload.GatewayLoad;
import dev.sallyport.dataplane.overload.LoadGate;
import dev.sallyport.dataplane.overload.OverloadSettings;
import dev.sallyport.telemetry.EventLog;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What the watch does each time it looks; the test says when.
class PressureWatchTest {
    private static final int KNOWN = 6;

    private final ByteArrayOutputStream events = new ByteArrayOutputStream();
    private final GatewayLoad load = new GatewayLoad();
    private final List<String> relieved = new ArrayList<>();
    private boolean crowded;
    private int memory;
    private final Upstream orders = upstream();
    private final PressureWatch watch = new PressureWatch(
            load, () -> List.of(orders), new Port(), () -> memory, new EventLog(events, EventLog.Format.LOGFMT));

    private final class Port implements PressureWatch.Room {
        @Override
        public boolean crowded() {
            return crowded;
        }

        @Override
        public void relieve(Duration unusedFor, boolean everywhere) {
            relieved.add(unusedFor.toSeconds() + (everywhere ? " everywhere" : ""));
        }
    }

    private static Upstream upstream() {
        return new Upstream(
                new UpstreamSettings(
                        "orders",
                        UpstreamSettings.Protocol.HTTP_1_1,
                        null,
                        new UpstreamSettings.Timeouts(1, 1, 1, 1),
                        new UpstreamSettings.Pool(1, 1, 1, 1),
                        1024,
                        Bounds.fixed(1)),
                List.of(new EndpointState("127.0.0.1:1", InetSocketAddress.createUnresolved("127.0.0.1", 1), 1)),
                PressureWatchTest::first,
                (_, _, _, _, _) -> {},
                1);
    }

    private static LoadBalancer first(Endpoint[] endpoints) {
        return (_, _) -> endpoints.length - 1;
    }

    /// Asks for more than there is.
    private void refuse() {
        LoadGate gate = Objects.requireNonNull(orders.load());
        int first = gate.take(0, KNOWN, 1, 1);
        assertThat(gate.take(0, KNOWN, 1, 1)).isEqualTo(LoadGate.FULL);
        gate.giveBack(0, first);
    }

    private void looks(int times) {
        for (int i = 0; i < times; i++) {
            watch.look();
        }
    }

    private List<String> told() {
        List<String> lines = events.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring(line.indexOf("event=")))
                .toList();
        events.reset();
        return lines;
    }

    @Test
    void tellsOnceThatAnOverloadBeganAndOnceThatItIsOver() {
        looks(2);
        assertThat(told()).isEmpty();
        refuse();
        looks(1);
        assertThat(told()).containsExactly("event=overload.begun of=upstream upstream=orders limit=1");
        refuse();
        looks(5);
        refuse();
        looks(10);
        assertThat(told()).isEmpty();
        looks(1);
        assertThat(told()).containsExactly("event=overload.over of=upstream upstream=orders limit=1 refused=3");
        looks(50);
        assertThat(told()).isEmpty();
        refuse();
        looks(1);
        assertThat(told()).hasSize(1);
    }

    @Test
    void DO_15_whereItIsCrowdedWhatIsUnusedLongestGoesFirst() {
        looks(1);
        assertThat(relieved).isEmpty();
        crowded = true;
        looks(5);
        assertThat(relieved).containsExactly("30", "10", "3", "1", "1");
        crowded = false;
        looks(1);
        crowded = true;
        looks(1);
        assertThat(relieved).hasSize(6).last().isEqualTo("30");
    }

    @Test
    void DO_15_whenMemoryIsFullConnectionsMakeRoomEverywhere() {
        load.use(new OverloadSettings(1, 1, 900));
        memory = 900;
        looks(1);
        assertThat(relieved).isEmpty();
        memory = 910;
        looks(1);
        assertThat(relieved).containsExactly("30 everywhere");
    }

    @Test
    void memoryIsAPartOfAll() {
        assertThat(new Memory().permille()).isBetween(0, 1000);
    }
}
