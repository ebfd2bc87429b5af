package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.OneOrMore;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.extension.authn.jose.source.RemoteKeys;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.sender.BoundTo;
import dev.sallyport.remote.RemoteTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration of a `jwt` authenticator.
@OffLoop("control threads that compile configurations")
@Doc("Callers show a token that its issuer signed (RFC 7519), in `Authorization: Bearer`.")
public record JwtConfig(
        @Doc(
                "Who makes the tokens: their `iss` is exactly this. Without `jwks` and `secret` its keys are found by discovery.")
        @Nullable
        String issuer,

        @Doc("The issuer's public keys, a JWK set: its https URL, or a file.") @Nullable
        UrlOrFile jwks,

        @Doc(
                "A secret shared with the issuer, for HS256, HS384 and HS512; its octets, at least as many as the hash has.")
        @Nullable
        Secret secret,

        @Doc("For whom the tokens are: their `aud` contains one of these.") @OneOrMore
        List<String> audience,

        @Doc("How tokens may be signed. Left out: any way that the keys are for, and HS256 with a secret.")
        @Default("[]")
        @Matches(
                value = "RS256|RS384|RS512|PS256|PS384|PS512|ES256|ES384|ES512|EdDSA|Ed25519|HS256|HS384|HS512",
                expected =
                        "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA, HS256, HS384 or HS512")
        List<String> algorithms,

        @Doc("The `typ` that tokens must have; `at+jwt` also requires the claims of RFC 9068. Left out: none, `JWT` or"
                + " `at+jwt`.")
        @Nullable
        String tokenType,

        @Doc("Tokens that are valid for longer (`exp` - `iat`) are refused. Left out: any time.")
        @Range(min = "1s", max = "87600h")
        @Nullable
        Duration maxLifetime,

        @Doc("How far the issuer's clock may be from the gateway's.") @Default("30s") @Range(min = "0s", max = "60s")
        Duration clockSkew,

        @Doc("Tokens that are encrypted to the gateway (JWE). Left out: none are taken.") @Nullable
        Decrypt decrypt,

        @Doc("How senders must prove that a token is theirs: any of these that the token's `cnf` asks for. None: plain"
                + " tokens without `cnf`.")
        @Default("[]")
        List<BoundTo> boundTo,

        @Doc("How proofs of possession are judged, with `dpop` in `bound-to`.") @Default("{}")
        DpopRules dpop,

        @Doc("Tokens that may be used once.") @Default("{}") Replay replay,

        @Doc("Who the caller is.") @Default("{}") PrincipalConfig principal,

        @Doc("How keys from a URL are kept up to date.") @Default("{}")
        Refresh refresh,

        @Doc("TLS with the issuer and the server of its keys. Left out: their certificates are verified by the"
                + " authorities of the Java runtime.")
        @Nullable
        RemoteTls tls) {

    /// How encrypted tokens are opened.
    @Doc("Tokens that are encrypted to the gateway: RSA-OAEP-256, ECDH-ES (+A*KW), dir, A*KW or A*GCMKW; a signed token"
            + " must be inside.")
    public record Decrypt(
            @Doc("A file with a JWK set of private or secret keys.")
            Path keys,

            @Doc("Whether tokens that are not encrypted are refused.") @Default("false")
            boolean required) {}

    /// How often a token may be used.
    @Doc("Tokens that may be used once.")
    public record Replay(
            @Doc("Whether each token is accepted once, by its `iss` and `jti`. Needs a `max-lifetime` of at most 23h.")
            @Default("false")
            boolean singleUse) {}

    /// How keys are kept.
    @Doc("How keys from a URL are kept up to date.")
    public record Refresh(
            @Doc("How often they are fetched.") @Default("5m") @Range(min = "1s", max = "24h")
            Duration every,

            @Doc("Least time between two fetches because a token names a key that is not known.")
            @Default("15s")
            @Range(min = "1s", max = "10m")
            Duration cooldown,

            @Doc("How long the last good keys are used when no newer ones can be had.")
            @Default("24h")
            @Range(min = "1m", max = "720h")
            Duration keepFor) {
        RemoteKeys.Settings settings() {
            return new RemoteKeys.Settings(every, cooldown, keepFor);
        }
    }
}
