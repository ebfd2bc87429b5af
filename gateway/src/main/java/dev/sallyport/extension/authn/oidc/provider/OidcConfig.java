package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.remote.RemoteTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How browsers log in.
@OffLoop("control threads that compile configurations")
@Doc("Logs browsers in at an OpenID provider (authorization code with PKCE) and keeps their sessions at the gateway; "
        + "the browser has a cookie with a random id and nothing else. Clients must reach the gateway by `https`.")
public record OidcConfig(
        @Doc("The provider's issuer identifier; its metadata is fetched from `/.well-known/openid-configuration`"
                + " below it and must name exactly this issuer.")
        String issuer,

        @Doc("What the gateway is to the provider.") Client client,

        @Doc("What is asked for; `openid` is always among it. `offline_access` is not needed for refreshing.")
        @Default("[openid]")
        @Matches(value = "[!#-\\[\\]-~]+", expected = "a scope without spaces")
        List<String> scopes,

        @Doc("How long logins last.") @Default("{}") SessionConfig session,

        @Doc("Where in the ID token a caller's identity is found. `email` counts only where `email_verified` is true.")
        @Default("{}")
        PrincipalConfig principal,

        @Doc("Claims of the userinfo endpoint are taken too; what the ID token says comes first.") @Default("false")
        boolean userinfo,

        @Doc("Asked for, and one of them required in the ID token (`acr`): how strongly somebody logged in.")
        @Default("[]")
        List<String> acrValues,

        @Doc("How long ago somebody may have proven to the provider who they are (`auth_time`) when they log in here. "
                + "Left out: any time.")
        @Nullable
        Duration maxAge,

        @Doc("The path that a browser is led to when it has logged out.") @Default("/")
        String afterLogout,

        @Doc("How far the provider's clock may be off.") @Default("30s") @Range(min = "0s", max = "60s")
        Duration clockSkew,

        @Doc("How long the provider may take to answer.") @Default("5s") @Range(min = "100ms", max = "30s")
        Duration timeout,

        @Doc("TLS with the provider. Left out: its certificate is verified by the authorities of the Java runtime.")
        @Nullable
        RemoteTls tls,

        @Doc("ID and logout tokens that are encrypted to the gateway (JWE). Left out: none are taken.") @Nullable
        Decrypt decrypt) {
    public OidcConfig {
        if (!scopes.contains("openid")) {
            throw new IllegalArgumentException("scopes: without openid (expected: openid among them)");
        }
    }

    /// What the gateway is to the provider.
    @Doc("What the gateway is to the provider.")
    public record Client(
            @Doc("The client id that the provider registered.")
            String id,

            @Doc("The client secret, by reference. Without it, `key` and a client certificate in `tls`: a public"
                    + " client, which PKCE alone protects.")
            @Nullable
            Secret secret,

            @Doc("Instead of a secret a private key that the gateway signs an assertion with, each time anew"
                    + " (`private_key_jwt`, RFC 7523): a file with a JWK or PEM. The kind of key says the algorithm;"
                    + " for RSA the JWK's `alg`, else RS256.")
            @Nullable
            Path key,

            @Doc("The `kid` of assertions. Left out: as in the JWK.") @Nullable
            String keyId,

            @Doc("The `aud` of assertions. Left out: the issuer.") @Nullable
            String audience,

            @Doc("How the secret is shown to the provider.") @Default("basic")
            SecretPlace auth) {
        public Client {
            if (secret != null && key != null) {
                throw new IllegalArgumentException("key: beside `secret` (expected: one of them)");
            }
            if (key == null && (keyId != null || audience != null)) {
                throw new IllegalArgumentException(
                        (keyId == null ? "audience" : "key-id") + ": without `key` (expected: with `key` only)");
            }
        }
    }

    /// How encrypted tokens are opened.
    @Doc("Tokens that are encrypted to the gateway: RSA-OAEP-256, ECDH-ES (+A*KW), dir, A*KW or A*GCMKW; a signed token"
            + " must be inside.")
    public record Decrypt(
            @Doc("A file with a JWK set of private or secret keys.")
            Path keys,

            @Doc("Whether tokens that are not encrypted are refused.") @Default("false")
            boolean required) {}

    /// Where a client's secret is shown.
    public enum SecretPlace {
        @Doc("`client_secret_basic`: in `Authorization`.")
        BASIC,
        @Doc("`client_secret_post`: in the form.")
        POST
    }

    /// How long logins last.
    @Doc("How long logins last. Roles and claims are renewed with the provider's tokens, as often as those expire.")
    public record SessionConfig(
            @Doc("Ends when it is not used for so long.") @Default("30m") @Range(min = "1m", max = "720h")
            Duration idle,

            @Doc("Ends so long after the login, whatever happens.") @Default("8h") @Range(min = "1m", max = "720h")
            Duration absolute) {}
}
