package dev.sallyport.extension.authn.exchange;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.extension.authn.server.ClientConfig;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.remote.RemoteTls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The configuration of `token-exchange`.
@Doc("Exchanges the caller's token at its authorization server for one that is made for these servers (RFC 8693), and"
        + " forwards that one in `Authorization`. The caller's own token never arrives; when there is none to be had, the"
        + " request is refused. Nothing is forwarded in `Authorization` for anonymous callers.")
public record ExchangeConfig(
        @Doc("Where the server exchanges tokens: an `https` URL, or `http` on a loopback address.")
        String endpoint,

        @Doc("How the gateway proves itself there.") ClientConfig client,

        @Doc("TLS with the server. Left out: its certificate is verified by the authorities of the Java runtime.")
        @Nullable
        RemoteTls tls,

        @Doc("The `audience` asked for.") @Nullable String audience,

        @Doc("The `resource` asked for, an absolute URI.") @Nullable
        String resource,

        @Doc("The `scope` asked for, names with spaces between them. Left out: as the server decides.") @Nullable
        String scope,

        @Doc("How long a token is used at most; never beyond its own end or that of the caller's token.")
        @Default("5m")
        @Range(min = "0s", max = "1h")
        Duration cache,

        @Doc("How many tokens are remembered.") @Default("10000") @Range(min = "100", max = "1000000")
        int tokens,

        @Doc("How much is asked of the server, and when it is given up.") @Default("{}")
        LimitsConfig limits) {
    public ExchangeConfig {
        if (audience == null && resource == null && scope == null) {
            throw new IllegalArgumentException(
                    "audience: missing, and neither `resource` nor `scope` given (expected: at least one of them)");
        }
    }
}
