package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authz.PolicyServer;
import dev.sallyport.extension.authz.Ruling;
import java.io.IOException;
import java.util.Map;

/// A server of Envoy's external authorization.
@OffLoop("virtual threads of the questions; what it makes of an exchange it leaves to CheckRequest")
final class ExtAuthzServer implements PolicyServer {
    private final GrpcClient client;
    private final CheckRequest request;

    ExtAuthzServer(GrpcClient client, CheckRequest request) {
        this.client = client;
        this.request = request;
    }

    @Override
    public byte[] question(Exchange exchange) {
        return request.of(exchange);
    }

    @Override
    public void start() throws IOException {
        client.start();
    }

    @Override
    public Ruling ask(byte[] question, Map<String, String> fields) throws IOException {
        return CheckResponse.of(client.check(question, fields));
    }

    @Override
    public void close() {
        client.close();
    }
}
