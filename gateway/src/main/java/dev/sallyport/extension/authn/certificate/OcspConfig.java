package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.remote.RemoteTls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where it is asked which certificates are revoked.
@Doc("A responder that is asked about certificates (RFC 6960): about the client's own and every one between it and"
        + " `trust`. While it cannot be asked, requests are answered 503, never let in.")
@OffLoop("read when the configuration is compiled")
public record OcspConfig(
        @Doc("Where it answers: a URL of `http` or `https`. Its answers are signed; what certificates say of responders"
                + " is not followed.")
        String responder,

        @Doc("TLS with the responder. Left out: its certificate is verified by the authorities of the Java runtime.")
        @Nullable
        RemoteTls tls,

        @Doc("How long an answer counts, from the question; never beyond the end that it states itself.")
        @Default("5m")
        @Range(min = "0s", max = "24h")
        Duration kept,

        @Doc("Whether an answer must repeat a random number of its question, which proves that it was made for it. Not"
                + " all responders do that; without it an answer may be as old as its own end allows.")
        @Default("false")
        boolean nonce,

        @Doc("How much is asked of the responder, and when it is given up.") @Default("{}")
        LimitsConfig limits) {}
