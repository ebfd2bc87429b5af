package dev.sallyport.app;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// The policy servers in use: new ones are started before a configuration is put into use; those no longer configured
/// are closed after it.
final class Authorizers implements MetricSource, AutoCloseable {
    private final EventLog log;
    private final Duration startWithin;
    private volatile List<Authorizer> running = List.of();

    /// @param startWithin how long a configuration waits for them
    Authorizers(EventLog log, Duration startWithin) {
        this.log = log;
        this.startWithin = startWithin;
    }

    /// Starts what is new in `next`; waits for it.
    Step prepare(Compiled next) {
        List<BuiltPlugin<Authorizer>> built = next.parts().authorizers();
        List<Authorizer> all = built.stream().map(BuiltPlugin::plugin).toList();
        List<Authorizer> added = new ArrayList<>(all);
        added.removeAll(running);
        Map<String, CompletionStage<?>> starting = new LinkedHashMap<>();
        for (BuiltPlugin<Authorizer> one : built) {
            if (added.contains(one.plugin()) && one.plugin() instanceof LongLived longLived) {
                starting.put(one.name(), longLived.start());
            }
        }
        Startup.await(starting, startWithin)
                .forEach(
                        (name, problem) -> log.event(Event.AUTHORIZER_NOT_READY, "authorizer", name, "error", problem));
        return new Step() {
            @Override
            public void use() {
                List<Authorizer> before = running;
                running = all;
                before.stream().filter(one -> !all.contains(one)).forEach(Authorizers::close);
            }

            @Override
            public void abandon() {
                added.forEach(Authorizers::close);
            }
        };
    }

    private static void close(Authorizer authorizer) {
        if (authorizer instanceof LongLived longLived) {
            longLived.close();
        }
    }

    @Override
    public void collect(MetricSink sink) {
        for (Authorizer authorizer : running) {
            if (authorizer instanceof MetricSource source) {
                source.collect(sink);
            }
        }
    }

    @Override
    public void close() {
        running.forEach(Authorizers::close);
    }
}
