package dev.sallyport.controlplane.compile;

import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.app.Catalog;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.ConfigDocument;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.extension.observe.audit.Audit;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compilers for tests: nothing is connected to, and host names are known here or nowhere.
final class Compilers {
    /// What `${env:…}` finds.
    static final Map<String, String> ENVIRONMENT = Map.of(
            "TOKEN", "0123456789abcdef-token",
            "SHORT", "short",
            "LONG_SECRET", "0123456789abcdef0123456789abcdef",
            "EMPTY", "",
            "PORT", "8080",
            "ORDERS_HOST", "orders.internal",
            "KEY", "k3y-Value");

    private static final FakeServices SERVICES = new FakeServices();
    private static final byte[] INTERNAL = {10, 0, 0, 1};

    private Compilers() {}

    static ConfigReader reader() {
        return new ConfigReader(Catalog.plugins(EventLog.SILENT), ENVIRONMENT::get);
    }

    static SnapshotCompiler compiler() {
        return compiler(Compilers::resolve);
    }

    static SnapshotCompiler compiler(HostResolver resolver) {
        return new SnapshotCompiler(
                Catalog.plugins(EventLog.SILENT), foundation(resolver), TlsEngine.installed(), "sallyport-test");
    }

    private static Foundation foundation(HostResolver resolver) {
        return new Foundation(
                (worker, endpoint, settings, owner, outcome) -> {
                    throw new IllegalStateException("a compiler does not connect");
                },
                2,
                resolver,
                SERVICES,
                new CelExpressions(SERVICES.clock()),
                new MemoryCounters(System::nanoTime, SERVICES.clock(), Runnable::run),
                new Audit().required());
    }

    /// Compiles `yaml`, which may use `more` plugins, as if it stood in `folder`.
    static Compilation compile(String yaml, Path folder, @Nullable Compiled previous, List<PluginFactory<?, ?>> more) {
        Plugins plugins = Catalog.plugins(EventLog.SILENT).and(more);
        ConfigDocument document =
                new ConfigReader(plugins, ENVIRONMENT::get).read(ConfigText.of("gateway.yaml", folder, yaml));
        return new SnapshotCompiler(plugins, foundation(Compilers::resolve), TlsEngine.installed(), "sallyport-test")
                .compile(document, previous, previous == null ? 1 : 2);
    }

    /// Compiles `yaml` as if it stood in the folder of the golden cases.
    static Compilation compile(String yaml) {
        ConfigDocument document =
                reader().read(ConfigText.of("gateway.yaml", Path.of("src/test/resources/config"), yaml));
        return compiler().compile(document, null, 1);
    }

    private static InetAddress resolve(String host) throws UnknownHostException {
        if (host.endsWith(".internal")) {
            return InetAddress.getByAddress(host, INTERNAL);
        }
        if (host.equals("localhost") || host.matches("[0-9.]+|\\[.*]")) {
            return InetAddress.getByName(host);
        }
        throw new UnknownHostException(host);
    }
}
