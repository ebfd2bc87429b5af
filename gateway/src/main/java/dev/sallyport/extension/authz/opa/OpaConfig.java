package dev.sallyport.extension.authz.opa;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authz.CacheConfig;
import dev.sallyport.extension.authz.LimitsConfig;
import dev.sallyport.extension.authz.SendConfig;
import dev.sallyport.remote.RemoteTls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration of `kind: opa`.
@Doc("Decisions of the Open Policy Agent, or of what speaks its REST interface. While it cannot be asked, requests are"
        + " answered 503, never let in.")
public record OpaConfig(
        @Doc("The rule that decides, such as `http://127.0.0.1:8181/v1/data/shop/authz`: an `https` URL, or `http` on a"
                + " loopback address.")
        String url,

        @Doc("Where in the result the decision is, a name or a path of names with dots. A result that is `true` or"
                + " `false` itself needs none.")
        @Default("allow")
        @Matches(value = "[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*", expected = "names with dots between")
        String decision,

        @Doc("A token that the server wants to be shown.") @Nullable
        Secret token,

        @Doc("What it is told of a request.") @Default("{}") SendConfig send,

        @Doc("Header fields that it may give to upstreams, by `headers` in its result. Clients cannot send fields of"
                + " these names past it.")
        @Default("[]")
        @Matches(value = SendConfig.FIELD, expected = "the name of a header field")
        List<String> headers,

        @Doc("`true`: callers are told the `reason` in its result.") @Default("false")
        boolean tellReasons,

        @Doc("How long decisions are remembered. Left out: not at all.") @Default("{}")
        CacheConfig cache,

        @Doc("After which time it is asked again about a response that goes on, which a denial ends.")
        @Default("30s")
        @Range(min = "1s", max = "1h")
        Duration recheck,

        @Doc("How much is asked of it, and when it is given up.") @Default("{}")
        LimitsConfig limits,

        @Doc("TLS with the server. Left out: its certificate is verified by the authorities of the Java runtime.")
        @Nullable
        RemoteTls tls) {}
