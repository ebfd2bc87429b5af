package dev.sallyport.app;

import dev.sallyport.api.limit.Counters;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.admin.Operation.RouteLine;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.Foundation;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.config.ConfigProblem;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.dataplane.upstream.Connector;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.telemetry.EventLog;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the compiler says of a configuration that nobody runs; no port is bound, nothing is connected to.
///
/// @param problems     errors and warnings
/// @param routes       how many there are, 0 when it is not usable
/// @param publicRoutes those that anybody may use
public record ConfigCheck(boolean usable, List<ConfigProblem> problems, int routes, List<RouteLine> publicRoutes) {
    /// An address that is nobody's (RFC 5737 §3).
    private static final byte[] NOWHERE = {(byte) 192, 0, 2, 1};

    /// Long enough for every use of a secret.
    private static final String SOME_SECRET = "0123456789abcdef".repeat(4);

    /// Checks a file or folder, as the gateway would at its start.
    public static ConfigCheck of(Path location, Function<String, @Nullable String> environment) {
        return switch (compile(location, environment, Lent.inMemory(environment))) {
            case Compilation.Invalid invalid -> new ConfigCheck(false, invalid.problems(), 0, List.of());
            case Compiled compiled ->
                new ConfigCheck(
                        true,
                        compiled.problems(),
                        compiled.snapshot().routes().routes().size(),
                        RouteLines.publicOnes(compiled));
        };
    }

    /// Compiles a file or folder for one event loop that does not exist.
    ///
    /// @param services lent to what is made for it
    public static Compilation compile(
            Path location, Function<String, @Nullable String> environment, Services services) {
        Plugins plugins = Catalog.plugins(EventLog.SILENT);
        return compile(
                location,
                plugins,
                new ConfigReader(plugins, environment),
                services,
                HostResolver.SYSTEM,
                new MemoryCounters(System::nanoTime, services.clock(), services.blocking()));
    }

    /// The same for those who only look at it: names of hosts are not looked up, and variables that are neither set nor
    /// have a default are taken for some secret each, so that it can be looked at where neither is known.
    public static Compilation compile(Path location, Function<String, @Nullable String> environment) {
        return compile(
                location,
                environment,
                new MemoryCounters(System::nanoTime, InstantSource.system(), Thread::startVirtualThread));
    }

    /// The same, with limits that count with `counters`.
    public static Compilation compile(
            Path location, Function<String, @Nullable String> environment, Counters counters) {
        Plugins plugins = Catalog.plugins(EventLog.SILENT);
        return compile(
                location,
                plugins,
                new ConfigReader(plugins, environment, SOME_SECRET),
                Lent.inMemory(environment),
                host -> {
                    boolean written = host.equals("localhost") || host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]");
                    return written ? HostResolver.SYSTEM.resolve(host) : InetAddress.getByAddress(host, NOWHERE);
                },
                counters);
    }

    private static Compilation compile(
            Path location,
            Plugins plugins,
            ConfigReader reader,
            Services services,
            HostResolver resolver,
            Counters counters) {
        ConfigDocument document = reader.read(ConfigText.read(location));
        Foundation foundation = new Foundation(
                new Connector(Transport.NIO),
                1,
                resolver,
                services,
                new CelExpressions(services.clock()),
                counters,
                Auditing.none());
        return new SnapshotCompiler(plugins, foundation, TlsEngine.installed(), Product.pseudonym())
                .compile(document, null, 1);
    }
}
