package dev.sallyport.app;

import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.telemetry.EventLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How a gateway is run, beyond its configuration.
///
/// @param loops       how many event loops
/// @param watch       whether changed files are taken into use by themselves
/// @param environment the variables a configuration may refer to
/// @param log         the process's log
/// @param standardOut where an access log to `stdout` goes
/// @param plugins     extensions beside those of the [Catalog]
/// @param ticker      nanoseconds that never go back, which limits go by
public record GatewayOptions(
        Transport transport,
        int loops,
        boolean watch,
        Function<String, @Nullable String> environment,
        EventLog log,
        OutputStream standardOut,
        List<PluginFactory<?, ?>> plugins,
        LongSupplier ticker) {
    public GatewayOptions {
        plugins = List.copyOf(plugins);
    }

    /// The usual: the best transport, a loop per processor, watching files, the process's own environment and
    /// streams.
    public static GatewayOptions usual() {
        return new GatewayOptions(
                Transport.preferred(),
                Runtime.getRuntime().availableProcessors(),
                true,
                System::getenv,
                new EventLog(System.err, EventLog.Format.LOGFMT),
                new FileOutputStream(FileDescriptor.out),
                List.of(),
                System::nanoTime);
    }

    public GatewayOptions withTransport(Transport other) {
        return new GatewayOptions(other, loops, watch, environment, log, standardOut, plugins, ticker);
    }

    public GatewayOptions withLoops(int count) {
        return new GatewayOptions(transport, count, watch, environment, log, standardOut, plugins, ticker);
    }

    public GatewayOptions withWatch(boolean on) {
        return new GatewayOptions(transport, loops, on, environment, log, standardOut, plugins, ticker);
    }

    public GatewayOptions withEnvironment(Function<String, @Nullable String> variables) {
        return new GatewayOptions(transport, loops, watch, variables, log, standardOut, plugins, ticker);
    }

    public GatewayOptions withLog(EventLog other) {
        return new GatewayOptions(transport, loops, watch, environment, other, standardOut, plugins, ticker);
    }

    public GatewayOptions withStandardOut(OutputStream out) {
        return new GatewayOptions(transport, loops, watch, environment, log, out, plugins, ticker);
    }

    public GatewayOptions withPlugins(List<PluginFactory<?, ?>> more) {
        return new GatewayOptions(transport, loops, watch, environment, log, standardOut, more, ticker);
    }

    public GatewayOptions withTicker(LongSupplier other) {
        return new GatewayOptions(transport, loops, watch, environment, log, standardOut, plugins, other);
    }
}
