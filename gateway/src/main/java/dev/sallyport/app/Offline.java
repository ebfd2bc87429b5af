package dev.sallyport.app;

import dev.sallyport.app.process.Lent;
import dev.sallyport.controlplane.compile.Compilation;
import dev.sallyport.controlplane.compile.Foundation;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.dataplane.upstream.Connector;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.telemetry.EventLog;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Compiles configurations that nobody runs; no port is bound, nothing is connected to.
public final class Offline {
    /// An address that is nobody's (RFC 5737 §3).
    private static final byte[] NOWHERE = {(byte) 192, 0, 2, 1};

    private Offline() {}

    /// Compiles a file or folder, without looking up names of hosts: what is asked of the result does not hang on them,
    /// and it may be asked where they are not known.
    public static Compilation compile(Path location, Function<String, @Nullable String> environment) {
        return compile(location, environment, host -> {
            boolean written = host.equals("localhost") || host.matches("[0-9.]+|\\[[0-9a-fA-F:.]+]");
            return written ? HostResolver.SYSTEM.resolve(host) : InetAddress.getByAddress(host, NOWHERE);
        });
    }

    static Compilation compile(Path location, Function<String, @Nullable String> environment, HostResolver resolver) {
        Plugins plugins = Catalog.plugins(EventLog.SILENT);
        ConfigDocument document = new ConfigReader(plugins, environment).read(ConfigText.read(location));
        Lent services = Lent.inMemory(environment);
        Foundation foundation = new Foundation(
                new Connector(Transport.NIO), 1, resolver, services, new CelExpressions(services.clock()), Auditing.none());
        return new SnapshotCompiler(plugins, foundation, TlsEngine.installed(), Product.pseudonym())
                .compile(document, null, 1);
    }
}
