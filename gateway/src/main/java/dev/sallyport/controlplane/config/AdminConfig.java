package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Secret;
import org.jspecify.annotations.Nullable;

/// The port for operators.
@Doc("The port for operators. Everything on it but `/livez` and `/readyz` needs the token.")
public record AdminConfig(
        @Doc("Address and port. Any address that is not loopback needs a `token`.") @Default("127.0.0.1:9901")
        BindAddress bind,

        @Doc("What operators authenticate with. Without it a token is made and printed at each start.") @Nullable
        Secret token) {
    private static final int LEAST_TOKEN = 16;

    public AdminConfig {
        if (token != null && token.reveal().length() < LEAST_TOKEN) {
            throw new IllegalArgumentException("token: too short (expected: at least " + LEAST_TOKEN + " characters)");
        }
        if (token != null && !token.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("token: holds spaces or characters beyond ASCII (expected: neither)");
        }
    }
}
