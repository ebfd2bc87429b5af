package dev.sallyport.extension.authn.server;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// How the gateway proves itself to an authorization server (RFC 6749 §2.3.1).
@Doc("How the gateway proves itself to the authorization server.")
public record ClientConfig(
        @Doc("The gateway's client id.") String id,

        @Doc("Its secret.") Secret secret,

        @Doc("How they are sent.") @Default("basic") Method method) {
    public ClientConfig {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id: empty (expected: a client id)");
        }
        if (secret.reveal().isEmpty()) {
            throw new IllegalArgumentException("secret: empty (expected: a client secret)");
        }
    }

    /// Where id and secret stand.
    public enum Method {
        @Doc("In `Authorization` (`client_secret_basic`).")
        BASIC,
        @Doc("In the form (`client_secret_post`).")
        POST
    }

    /// Adds what proves the gateway to a request of these fields.
    void prove(Map<String, String> form, Map<String, String> headers) {
        switch (method) {
            case BASIC -> {
                String pair = encoded(id) + ":" + encoded(secret.reveal());
                byte[] octets = pair.getBytes(StandardCharsets.US_ASCII);
                headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(octets));
            }
            case POST -> {
                form.put("client_id", id);
                form.put("client_secret", secret.reveal());
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
