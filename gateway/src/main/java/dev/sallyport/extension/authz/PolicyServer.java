package dev.sallyport.extension.authz;

import dev.sallyport.api.exchange.Exchange;
import java.io.IOException;
import java.util.Map;

/// One policy server, in its own language.
public interface PolicyServer extends AutoCloseable {
    /// What is asked about an exchange: the same octets for what must be decided alike. On the exchange's loop.
    byte[] question(Exchange exchange);

    /// Gets ready to ask, so that the first question does not have to. On a thread that may wait.
    ///
    /// @throws IOException when the server cannot be reached, which it may be later
    void start() throws IOException;

    /// Asks. On a thread that may wait.
    ///
    /// @param fields header fields that help whoever reads logs, such as the id of the request
    /// @throws IOException when there is no answer in time, or none that can be used
    Ruling ask(byte[] question, Map<String, String> fields) throws IOException;

    @Override
    void close();
}
