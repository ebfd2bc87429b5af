package dev.sallyport.app;

import dev.sallyport.controlplane.admin.Operation;
import dev.sallyport.controlplane.config.read.ConfigDump;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the admin listener tells of a running gateway.
record LiveOperation(
        Supplier<Readiness> current, OpenListeners open, Serving serving, Auditing audited, Instant startedAt)
        implements Operation {
    @Override
    public Readiness readiness() {
        return current.get();
    }

    @Override
    public Map<String, InetSocketAddress> listeners() {
        return open.addresses();
    }

    @Override
    public List<RouteLine> routes() {
        return RouteLines.of(serving.compiled());
    }

    @Override
    public @Nullable AuditLog auditLog() {
        return audited.state();
    }

    @Override
    public @Nullable String configurationBefore() {
        return serving.yamlBefore();
    }

    @Override
    public Check check() {
        return serving.check();
    }

    @Override
    public String configuration() {
        return ConfigDump.yaml(serving.compiled().document());
    }
}
