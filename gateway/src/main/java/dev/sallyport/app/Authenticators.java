package dev.sallyport.app;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.Revocations;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.controlplane.compile.BuiltPlugin;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// The authenticators in use: new ones are started, and given time to fetch what they need, before a configuration
/// is put into use; those no longer configured are closed after it.
final class Authenticators implements MetricSource, AutoCloseable {
    private final EventLog log;
    private final Duration startWithin;
    private volatile List<Authenticator> running = List.of();
    /// Those that take back what they proved, by name.
    private volatile Map<String, Revocations> recalling = Map.of();
    private volatile Map<String, KeyInventory> keyHolders = Map.of();

    /// @param startWithin how long a configuration waits for its authenticators; those that are not ready by then
    ///     refuse with 503 until they are
    Authenticators(EventLog log, Duration startWithin) {
        this.log = log;
        this.startWithin = startWithin;
    }

    /// Starts what is new in `next`; waits for it.
    Step prepare(Compiled next) {
        List<BuiltPlugin<Authenticator>> built = next.parts().authenticators();
        List<Authenticator> all = built.stream().map(BuiltPlugin::plugin).toList();
        List<Authenticator> added = new ArrayList<>(all);
        added.removeAll(running);
        Map<String, CompletionStage<?>> starting = new LinkedHashMap<>();
        for (BuiltPlugin<Authenticator> one : built) {
            if (added.contains(one.plugin()) && one.plugin() instanceof LongLived longLived) {
                starting.put(one.name(), longLived.start());
            }
        }
        Startup.await(starting, startWithin)
                .forEach((name, problem) ->
                        log.event(Event.AUTHENTICATOR_NOT_READY, "authenticator", name, "error", problem));
        return new Step() {
            @Override
            public void use() {
                List<Authenticator> before = running;
                running = all;
                recalling = recalling(built);
                keyHolders = keyHolders(built);
                before.stream().filter(one -> !all.contains(one)).forEach(Authenticators::close);
            }

            @Override
            public void abandon() {
                added.forEach(Authenticators::close);
            }
        };
    }

    private static Map<String, Revocations> recalling(List<BuiltPlugin<Authenticator>> built) {
        Map<String, Revocations> recalling = new HashMap<>();
        for (BuiltPlugin<Authenticator> one : built) {
            if (one.plugin() instanceof Revocations own) {
                recalling.put(one.name(), own);
            }
        }
        return Map.copyOf(recalling);
    }

    /// What `others` say of a caller, then what its own authenticator says.
    Revocations after(Revocations others) {
        return caller -> {
            Revocations.Standing standing = others.standing(caller);
            if (standing != Revocations.Standing.GOOD) {
                return standing;
            }
            Revocations own = recalling.get(caller.authenticator());
            return own == null ? standing : own.standing(caller);
        };
    }

    private static Map<String, KeyInventory> keyHolders(List<BuiltPlugin<Authenticator>> built) {
        Map<String, KeyInventory> holders = new LinkedHashMap<>();
        for (BuiltPlugin<Authenticator> one : built) {
            if (one.plugin() instanceof KeyInventory inventory) {
                holders.put(one.name(), inventory);
            }
        }
        return holders;
    }

    /// Those that hold keys, by their names.
    Map<String, KeyInventory> keyHolders() {
        return keyHolders;
    }

    private static void close(Authenticator authenticator) {
        if (authenticator instanceof LongLived longLived) {
            longLived.close();
        }
    }

    @Override
    public void collect(MetricSink sink) {
        for (Authenticator authenticator : running) {
            if (authenticator instanceof MetricSource source) {
                source.collect(sink);
            }
        }
    }

    @Override
    public void close() {
        running.forEach(Authenticators::close);
    }
}
