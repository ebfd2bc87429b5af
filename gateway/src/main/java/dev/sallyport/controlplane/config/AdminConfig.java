package dev.sallyport.controlplane.config;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The port for operators.
@Doc("The port for operators. Everything on it but `/livez` and `/readyz` needs the token.")
public record AdminConfig(
        @Doc("Address and port. Any address that is not loopback needs a `token`.") @Default("127.0.0.1:9901")
        BindAddress bind,

        @Doc("What operators authenticate with. Without it a token is made and printed at each start.") @Nullable
        Secret token,

        @Doc("What those authenticate with who may look at everything and change nothing; left out, there are none.")
        @Nullable
        Secret readToken,

        @Doc("Names that `Host` may have, besides `localhost` and IP addresses: those that scrapers use.")
        @Default("[]")
        @Matches(value = "[A-Za-z0-9._-]{1,253}", expected = "a host name")
        List<String> hosts) {
    private static final int LEAST_TOKEN = 16;

    public AdminConfig {
        check("token", token);
        check("read-token", readToken);
        if (token != null && readToken != null && token.reveal().equals(readToken.reveal())) {
            throw new IllegalArgumentException("read-token: the same as token (expected: another one)");
        }
    }

    private static void check(String name, @Nullable Secret token) {
        if (token != null && token.reveal().length() < LEAST_TOKEN) {
            throw new IllegalArgumentException(
                    name + ": too short (expected: at least " + LEAST_TOKEN + " characters)");
        }
        if (token != null && !token.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(name + ": holds spaces or characters beyond ASCII (expected: neither)");
        }
    }
}
