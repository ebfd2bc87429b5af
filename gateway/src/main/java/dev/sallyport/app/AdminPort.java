package dev.sallyport.app;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminServer;
import dev.sallyport.controlplane.admin.AdminSettings;
import dev.sallyport.controlplane.admin.AdminToken;
import dev.sallyport.controlplane.admin.AdminWitness;
import dev.sallyport.controlplane.config.AdminConfig;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The admin listener in use: it follows the configuration; a token that was made lasts as long as the process.
final class AdminPort implements MetricSource, AutoCloseable {
    private final String made = AdminToken.generate();
    private final EventLog log;
    private final AdminWitness witness;
    private volatile @Nullable State state;

    /// What serves now.
    private record State(AdminConfig config, AdminServer server, String token) {}

    AdminPort(EventLog log, AdminWitness witness) {
        this.log = log;
        this.witness = witness;
    }

    /// Gets ready what `config` asks for.
    ///
    /// @throws IOException the address cannot be bound, and nothing was changed
    Step prepare(AdminConfig config, List<AdminEndpoint> endpoints) throws IOException {
        State before = state;
        String token = config.token() == null ? made : config.token().reveal();
        AdminSettings settings = new AdminSettings(
                config.bind().socketAddress(),
                AdminToken.of(token),
                config.readToken() == null
                        ? null
                        : AdminToken.of(config.readToken().reveal()),
                config.hosts());
        if (before != null && before.config.bind().equals(config.bind())) {
            return new Step() {
                @Override
                public void use() {
                    before.server.replace(settings, endpoints);
                    state = new State(config, before.server, token);
                }

                @Override
                public void abandon() {}
            };
        }
        AdminServer server = AdminServer.bind(settings, endpoints, log, witness);
        return new Step() {
            @Override
            public void use() {
                server.serve();
                state = new State(config, server, token);
                InetSocketAddress address = server.address();
                log.event(
                        Event.ADMIN_BOUND, "address", address.getAddress().getHostAddress(), "port", address.getPort());
                if (before != null) {
                    // not here: the reload may have been asked for through it, and is yet to be answered
                    Thread.ofVirtual().start(before.server::close);
                }
            }

            @Override
            public void abandon() {
                server.close();
            }
        };
    }

    /// Where it listens.
    InetSocketAddress address() {
        return current().server.address();
    }

    /// What it wants to be shown.
    String token() {
        return current().token;
    }

    /// Whether the token was made by this process, so that nobody else can know it.
    boolean tokenIsMade() {
        return current().config.token() == null;
    }

    private State current() {
        State now = state;
        if (now == null) {
            throw new IllegalStateException("the admin listener was never opened");
        }
        return now;
    }

    @Override
    public void collect(MetricSink sink) {
        State now = state;
        if (now != null) {
            now.server.collect(sink);
        }
    }

    @Override
    public void close() {
        State now = state;
        if (now != null) {
            now.server.close();
        }
    }
}
