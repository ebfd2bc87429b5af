package dev.sallyport.controlplane.console;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminRequest;
import dev.sallyport.controlplane.admin.AdminResponse;
import dev.sallyport.controlplane.admin.AdminStream;
import dev.sallyport.controlplane.admin.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// What the console asks beside the endpoints that programs use too: live figures, their history, latest refusals.
public final class ConsoleEndpoints {
    /// Shorter than the listener lets an answer last; the browser comes again by itself.
    private static final Duration STREAM = Duration.ofSeconds(50);

    private static final int MOST_STREAMS = 32;
    private static final int MOST_REFUSALS = 300;

    private final Figures figures;
    private final Supplier<String> state;
    private final IntFunction<List<String>> refusals;
    private final Semaphore streams = new Semaphore(MOST_STREAMS);

    /// @param state    whether traffic is welcome, in a word
    /// @param refusals the latest refusals as JSON objects, newest first, at most as many as asked for
    public ConsoleEndpoints(Figures figures, Supplier<String> state, IntFunction<List<String>> refusals) {
        this.figures = figures;
        this.state = state;
        this.refusals = refusals;
    }

    /// Every endpoint, the page's files included.
    ///
    /// @param metrics answers what the metrics path does: the page reads figures of parts from it
    public List<AdminEndpoint> all(AdminEndpoint.Handler metrics) {
        List<AdminEndpoint> all = new ArrayList<>(ConsoleFiles.all());
        all.add(AdminEndpoint.of("GET", "/console/live", _ -> live()));
        all.add(AdminEndpoint.of("GET", "/console/history", this::history));
        all.add(AdminEndpoint.of("GET", "/console/refusals", _ -> refusals()));
        all.add(AdminEndpoint.of("GET", "/console/metrics", metrics));
        return all;
    }

    private AdminResponse live() {
        if (!streams.tryAcquire()) {
            return AdminResponse.problem(
                    503,
                    "console-streams",
                    "Too many consoles",
                    "At most " + MOST_STREAMS + " pages are kept up to date.");
        }
        return AdminResponse.events((out, pause) -> {
            try {
                stream(out, pause);
            } finally {
                streams.release();
            }
        });
    }

    private void stream(OutputStream out, AdminStream.Pause pause) throws IOException {
        Duration step = Duration.ofMillis(figures.stepMillis());
        long begun = System.nanoTime();
        do {
            String data = now().line();
            out.write(("retry: 500\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } while (System.nanoTime() - begun < STREAM.toNanos() && pause.over(step));
    }

    private Json now() {
        Figures.Slice whole = figures.whole();
        Figures.Saturation full = figures.saturation();
        return new Json()
                .put("state", state.get())
                .put("whole", whole == null ? null : json(whole))
                .put("routes", json(figures.routes()))
                .put("upstreams", json(figures.upstreams()))
                .put(
                        "saturation",
                        new Json()
                                .put("inFlight", full.inFlight())
                                .put("connections", full.connections())
                                .put("lagMillis", full.lagMillis())
                                .put("heap", full.heap())
                                .put("direct", full.direct())
                                .put("descriptors", full.descriptors())
                                .put("processor", full.processor()));
    }

    private static Json json(Map<String, Figures.Slice> slices) {
        Json json = new Json();
        slices.forEach((name, slice) -> json.put(name, json(slice)));
        return json;
    }

    /// Rates per second, so that a page need not know how long a slice is.
    private static Json json(Figures.Slice slice) {
        double seconds = Math.max(slice.seconds(), 1e-3);
        return new Json()
                .put("at", slice.at().toEpochMilli())
                .put("rate", slice.requests() / seconds)
                .put("failed", slice.failed() / seconds)
                .put("refused", slice.refused() / seconds)
                .put("sent", slice.bytesSent() / seconds)
                .put("p50", slice.p50())
                .put("p90", slice.p90())
                .put("p99", slice.p99());
    }

    private AdminResponse history(AdminRequest request) {
        String kind = request.parameter("kind");
        String name = request.parameter("name");
        if (kind == null || !List.of("whole", "route", "upstream").contains(kind)) {
            return AdminResponse.problem(
                    400, "query-unknown", "Unknown query", "kind: " + kind + " (expected: whole, route or upstream)");
        }
        List<Json> slices = new ArrayList<>();
        for (Figures.Slice slice : figures.history(kind, name == null ? "" : name)) {
            slices.add(json(slice));
        }
        return AdminResponse.json(200, new Json().put("slices", slices));
    }

    private AdminResponse refusals() {
        String body = "[" + String.join(",", refusals.apply(MOST_REFUSALS)) + "]";
        return new AdminResponse(200, "application/json", body.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
