package dev.sallyport.dataplane.flow;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Failure;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.RequestFault;
import io.netty.buffer.ByteBuf;

/// The life of one request, from its head to its record. Confined to its worker's loop.
public final class ExchangeFlow {
    ExchangeFlow() {}

    /// Begins an exchange and takes it as far as it goes now; the stream may have been answered when this returns.
    ///
    /// @param bodyLength octets of body declared, 0 for none, −1 for an unknown number
    public static ExchangeFlow begin(
            Flows flows, ClientStream stream, CanonicalRequest request, ClientConnection connection, long bodyLength) {
        return new ExchangeFlow();
    }

    /// A piece of request body, which the flow owns from here on; only while body is
    /// [demanded][ClientStream#demandBody].
    public void onBody(ByteBuf data, boolean last) {
        data.release();
    }

    /// The request body broke the rules or came too late: answered with `fault` where no head was sent yet, else
    /// aborted.
    public void onBodyFault(RequestFault fault) {}

    /// The client is gone or can be sent nothing more.
    public void onClientGone(Failure reason) {}

    /// The client takes more response body again.
    public void onClientWritable() {}
}
