package dev.sallyport.api.exchange;

import dev.sallyport.api.http.RequestFault;

/// Takes note of a finished exchange: access log, metrics.
///
/// Called once per exchange on its event loop, after the last byte or the abort: it must not block and must not
/// throw. From then on the exchange no longer changes and may be read by other threads the recorder hands it to.
public interface Recorder {
    void record(Exchange exchange);

    /// Takes note of a request that could not be understood, so that there is no exchange: it was answered with
    /// `fault` and the connection is being closed. Same threads and duties as [#record].
    void recordFault(ClientConnection connection, RequestFault fault);

    /// Takes note of a bug that ended an exchange: an exception in a policy or in the engine itself.
    void recordBug(Exchange exchange, Throwable bug);
}
