package dev.sallyport.app;

import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.controlplane.admin.AdminWitness;
import dev.sallyport.controlplane.admin.Operation;
import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.config.ObserveConfig;
import dev.sallyport.extension.observe.audit.Audit;
import dev.sallyport.extension.observe.audit.AuditFile;
import dev.sallyport.extension.observe.audit.AuditLog;
import dev.sallyport.extension.observe.audit.AuditSettings;
import dev.sallyport.extension.observe.audit.Seal;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.LogField;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The audit log that the configuration asks for. One whose file stays the same goes on without a break; a new file is
/// opened, and what was in it read, before the configuration is put into use.
final class Auditing implements AdminWitness, AutoCloseable {
    private final Audit audit = new Audit();
    private final int loops;
    private final EventLog log;
    private ObserveConfig.@Nullable AuditLog configured;
    private @Nullable AuditLog current;

    /// @param log for what happens to the audit log itself
    Auditing(int loops, EventLog log) {
        this.loops = loops;
        this.log = log;
    }

    /// In the place of what is audited, where nothing runs.
    static Policy none() {
        return new Audit().required();
    }

    /// What is audited, whatever becomes of it.
    Audit audit() {
        return audit;
    }

    /// Gets ready what `next` asks for.
    ///
    /// @throws IOException the file cannot be used, and nothing was changed; the message says why
    Step prepare(Compiled next) throws IOException {
        ObserveConfig.AuditLog asked = next.observe().auditLog();
        ObserveConfig.AuditLog before = configured;
        AuditLog running = current;
        if (Objects.equals(asked, before)) {
            return Step.NONE;
        }
        if (asked != null
                && before != null
                && running != null
                && asked.to().file().equals(before.to().file())) {
            return change(running, before, asked);
        }
        AuditFile file = asked == null ? null : AuditFile.open(asked.to().file(), key(asked));
        return new Step() {
            @Override
            public void use() {
                AuditLog opened = file == null || asked == null
                        ? null
                        : new AuditLog(file, settings(asked), loops, AuditLog.CAPACITY, log);
                audit.use(opened);
                if (running != null) {
                    running.close();
                }
                current = opened;
                configured = asked;
            }

            @Override
            public void abandon() {
                closeQuietly(file);
            }
        };
    }

    private Step change(AuditLog running, ObserveConfig.AuditLog before, ObserveConfig.AuditLog asked) {
        return new Step() {
            @Override
            public void use() {
                running.change(settings(asked));
                if (!Objects.equals(asked.key(), before.key())) {
                    running.sealWith(Seal.of(key(asked)));
                }
                configured = asked;
            }

            @Override
            public void abandon() {}
        };
    }

    private static @Nullable String key(ObserveConfig.AuditLog asked) {
        Secret key = asked.key();
        return key == null ? null : key.reveal();
    }

    private static AuditSettings settings(ObserveConfig.AuditLog asked) {
        ObserveConfig.AuditFile file = asked.to();
        return new AuditSettings(
                asked.allows() == ObserveConfig.Every.ALL,
                asked.allows() instanceof ObserveConfig.Chosen chosen ? Set.copyOf(chosen.routes()) : Set.of(),
                file.rotate().octets(),
                file.keep() == null ? AuditSettings.ALL : file.keep());
    }

    private static void closeQuietly(@Nullable AuditFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException _) {
                // nothing was written to it
            }
        }
    }

    /// How it is doing; null where there is none.
    Operation.@Nullable AuditLog state() {
        AuditLog.State state = audit.state();
        return state == null
                ? null
                : new Operation.AuditLog(state.failing() ? "failing" : "writing", state.sequence(), state.hash());
    }

    @Override
    public void saw(Act act) {
        audit.operatorDid(
                LogField.CLIENT_ADDRESS.otel(),
                act.peer().getAddress().getHostAddress(),
                LogField.CLIENT_PORT.otel(),
                act.peer().getPort(),
                "admin.identity",
                act.identity(),
                LogField.METHOD.otel(),
                act.method(),
                LogField.PATH.otel(),
                act.path(),
                LogField.QUERY.otel(),
                act.query(),
                LogField.STATUS.otel(),
                act.status(),
                LogField.REASON.otel(),
                act.reason() == null ? "" : act.reason());
    }

    @Override
    public void close() {
        audit.use(null);
        if (current != null) {
            current.close();
        }
    }
}
