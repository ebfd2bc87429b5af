package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.sender.BoundTo;
import dev.sallyport.extension.authn.server.ClientConfig;
import dev.sallyport.extension.authn.server.LimitsConfig;
import dev.sallyport.remote.RemoteTls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration of `kind: introspection`.
@Doc("Tokens about which their authorization server is asked (RFC 7662). While it cannot be asked, requests are"
        + " answered 503, never let in.")
public record IntrospectionConfig(
        @Doc("Where the server answers: an `https` URL, or `http` on a loopback address.")
        String endpoint,

        @Doc("How the gateway proves itself there.") ClientConfig client,

        @Doc("TLS with the server. Left out: its certificate is verified by the authorities of the Java runtime.")
        @Nullable
        RemoteTls tls,

        @Doc("How long answers are remembered.") @Default("{}")
        Cache cache,

        @Doc("Which tokens are worth asking about; others are refused at once.") @Default("{}")
        Token token,

        @Doc("The `iss` that answers must state. Left out: any, or none.") @Nullable
        String issuer,

        @Doc("The `aud` that answers must contain. Left out: any, or none.") @Nullable
        String audience,

        @Doc("How far clocks may differ, for `nbf` and `iat`; `exp` is taken as it is.")
        @Default("30s")
        @Range(min = "0s", max = "5m")
        Duration clockSkew,

        @Doc("Left out: answers are plain JSON, believed because of TLS.") @Nullable
        SignedConfig signed,

        @Doc("Tokens must be bound to their sender, by a proof of possession (`dpop`, RFC 9449) or by a client "
                + "certificate (`mtls`, RFC 8705), as the answer's `cnf` says. Left out: plain bearer tokens, and no "
                + "others.")
        @Default("[]")
        List<BoundTo> boundTo,

        @Doc("How proofs of possession are judged, with `dpop` in `bound-to`.") @Default("{}")
        DpopRules dpop,

        @Doc("Where in its answer a caller's identity is found.") @Default("{}")
        PrincipalConfig principal,

        @Doc("How much is asked of the server, and when it is given up.") @Default("{}")
        LimitsConfig limits) {
    /// How long answers are remembered.
    @Doc("How long answers are remembered, counted from the question.")
    public record Cache(
            @Doc("That a token is good; never beyond its `exp`. A token that is revoked at the server is refused"
                    + " after this time at the latest.")
            @Default("30s")
            @Range(min = "0s", max = "1h")
            Duration positive,

            @Doc("That a token is not good.") @Default("5s") @Range(min = "0s", max = "10m")
            Duration negative,

            @Doc("How many good tokens are remembered; a tenth as many bad ones.")
            @Default("50000")
            @Range(min = "100", max = "1000000")
            int tokens) {}

    /// Which tokens are worth asking about.
    @Doc("Which tokens are worth asking about.")
    public record Token(
            @Doc("What they begin with. Left out: anything.") @Nullable
            String prefix,

            @Doc("Characters at least.") @Default("16") @Range(min = "1", max = "8192")
            int minLength,

            @Doc("Characters at most.") @Default("4096") @Range(min = "1", max = "8192")
            int maxLength) {
        public Token {
            if (minLength > maxLength) {
                throw new IllegalArgumentException(
                        "min-length: " + minLength + " (expected: no more than max-length, " + maxLength + ")");
            }
        }

        /// Whether a token can be one of the server's.
        boolean fits(ShownToken token) {
            int length = token.end() - token.start();
            return length >= minLength
                    && length <= maxLength
                    && (prefix == null || token.text().startsWith(prefix));
        }
    }
}
