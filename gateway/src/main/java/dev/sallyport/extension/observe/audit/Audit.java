package dev.sallyport.extension.observe.audit;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Recorder;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.RequestFault;
import dev.sallyport.telemetry.AuditEntry;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import org.jspecify.annotations.Nullable;

/// What is audited: told by event loops of requests, by the [EventLog] of events, by operators' listener of what they
/// do; it hands all that to the audit log in use, if there is one. As long as the process; from any thread.
public final class Audit implements Recorder, EventLog.Listener, MetricSource {
    private static final Decision UNAVAILABLE = new Decision.Refuse(Refusal.of(
            503,
            "audit-unavailable",
            "Cannot be recorded",
            "What is done here has to be recorded, which is not possible now. Try again later."));

    private volatile @Nullable AuditLog log;

    /// The policy of routes that must not be used unrecorded: keeps a place for the record before anything else is
    /// decided, and refuses where there is none.
    private final class Required implements Policy {
        @Override
        public Phase phase() {
            return Phase.SCREEN;
        }

        @Override
        public Decision decide(Exchange exchange) {
            AuditLog current = log;
            return current != null && current.keepPlace(exchange) ? Decision.PROCEED : UNAVAILABLE;
        }
    }

    /// Hands everything to `next` from now on; event loops may still be using the old one for a moment.
    public void use(@Nullable AuditLog next) {
        log = next;
    }

    /// The policy of routes that must not be used unrecorded; to be asked first.
    public Policy required() {
        return new Required();
    }

    @Override
    public void record(Exchange exchange) {
        AuditLog current = log;
        if (current != null) {
            current.record(exchange);
        }
    }

    /// Nobody was asked about it: the access log has it.
    @Override
    public void recordFault(ClientConnection connection, RequestFault fault) {}

    /// Its exchange is recorded, as refused.
    @Override
    public void recordBug(Exchange exchange, Throwable bug) {}

    @Override
    public void on(Event event, @Nullable Object... keysAndValues) {
        AuditLog current = log;
        if (current != null && event.audited()) {
            current.note(Note.now(event.code(), keysAndValues));
        }
    }

    /// Takes note of what an operator did, or was refused.
    ///
    /// @param keysAndValues in turn
    public void operatorDid(@Nullable Object... keysAndValues) {
        AuditLog current = log;
        if (current != null) {
            current.note(Note.now(AuditEntry.ADMIN_REQUEST.code(), keysAndValues));
        }
    }

    /// How the log in use is doing; null for none.
    public AuditLog.@Nullable State state() {
        AuditLog current = log;
        return current == null ? null : current.state();
    }

    @Override
    public void collect(MetricSink sink) {
        AuditLog current = log;
        if (current != null) {
            current.collect(sink);
        }
    }
}
