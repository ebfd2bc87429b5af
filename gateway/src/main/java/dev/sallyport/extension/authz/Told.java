package dev.sallyport.extension.authz;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.identity.Principal;
import java.util.Arrays;
import java.util.List;

/// What policy servers are told of an exchange, in words that do not depend on the server.
public final class Told {
    private Told() {}

    /// The client's address.
    public static String address(Exchange exchange) {
        return exchange.clientAddress().getHostAddress();
    }

    /// As Envoy names it.
    public static String protocol(HttpVersion version) {
        return switch (version) {
            case HTTP_1_0 -> "HTTP/1.0";
            case HTTP_1_1 -> "HTTP/1.1";
            case HTTP_2 -> "HTTP/2";
        };
    }

    /// The caller's roles in an order of their own, so that equal sets are told alike.
    public static List<String> roles(Principal caller) {
        String[] roles = caller.roles().toArray(new String[0]);
        Arrays.sort(roles);
        return List.of(roles);
    }
}
