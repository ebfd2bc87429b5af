package dev.sallyport.extension.authz.envoy;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.extension.authz.CacheConfig;
import dev.sallyport.extension.authz.LimitsConfig;
import dev.sallyport.extension.authz.SendConfig;
import dev.sallyport.remote.RemoteTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration of `kind: ext-authz`.
@Doc("Decisions of a server that speaks Envoy's external authorization over gRPC (`envoy.service.auth.v3`). While it"
        + " cannot be asked, requests are answered 503, never let in.")
public record ExtAuthzConfig(
        @Doc("Where it is, such as `http://127.0.0.1:9191`: `https`, or `http` (HTTP/2 without TLS) on a loopback"
                + " address; without path.")
        String url,

        @Doc("What it is told of a request. The caller is `source.principal`, and with all else that is known of it in"
                + " `metadata_context` under `sallyport`.")
        @Default("{}")
        SendConfig send,

        @Doc("Further texts for it, `context_extensions`.")
        @Default("{}")
        @Matches(value = "[!-~]{1,128}", expected = "a name without spaces")
        Map<String, String> context,

        @Doc("Header fields that it may give to upstreams. Clients cannot send fields of these names past it; whatever"
                + " else it wants to change is ignored.")
        @Default("[]")
        @Matches(value = SendConfig.FIELD, expected = "the name of a header field")
        List<String> headers,

        @Doc("`true`: callers are told the body of its denials, as the reason.") @Default("false")
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
