package dev.sallyport.extension.authn.server;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How the gateway proves itself to an authorization server (RFC 6749 §2.3, RFC 7523, RFC 8705 §2).
@OffLoop("control threads that compile configurations")
@Doc("How the gateway proves itself to the authorization server: by a secret, by a key, or, with neither, by the client"
        + " certificate in `tls`.")
public record ClientConfig(
        @Doc("The gateway's client id.") String id,

        @Doc("Its secret.") @Nullable Secret secret,

        @Doc("Instead of a secret a private key that it signs an assertion with, each time anew (`private_key_jwt`, RFC"
                + " 7523): a file with a JWK or PEM. The kind of key says the algorithm; for RSA the JWK's `alg`, else"
                + " RS256.")
        @Nullable
        Path key,

        @Doc("The `kid` of assertions. Left out: as in the JWK.") @Nullable
        String keyId,

        @Doc("The `aud` of assertions. Left out: the issuer, where it is configured, else the endpoint.") @Nullable
        String audience,

        @Doc("How id and secret are sent.") @Default("basic")
        Method method) {
    public ClientConfig {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id: empty (expected: a client id)");
        }
        if (secret != null && secret.reveal().isEmpty()) {
            throw new IllegalArgumentException("secret: empty (expected: a client secret)");
        }
        if (secret != null && key != null) {
            throw new IllegalArgumentException("key: beside `secret` (expected: one of them)");
        }
        if (key == null && (keyId != null || audience != null)) {
            throw new IllegalArgumentException(
                    (keyId == null ? "audience" : "key-id") + ": without `key` (expected:" + " with `key` only)");
        }
    }

    /// Where id and secret stand.
    public enum Method {
        @Doc("In `Authorization` (`client_secret_basic`).")
        BASIC,
        @Doc("In the form (`client_secret_post`).")
        POST
    }
}
