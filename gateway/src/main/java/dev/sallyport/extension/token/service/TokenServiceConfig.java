package dev.sallyport.extension.token.service;

import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `token-service` is told.
@Doc("Issues access tokens (OAuth 2.0, RFC 9068) to clients that authenticate with a secret: for development and"
        + " small systems. Serves `token`, `revoke`, `jwks` and its metadata below the path of `issuer`, which is"
        + " the route's.")
public record TokenServiceConfig(
        @Doc("Its name in tokens, and where clients find it: the URL of the route's path without the `/**`.")
        @Matches(
                value = "https?://[a-z0-9.:\\[\\]-]+(/[A-Za-z0-9._~-]+)+",
                expected = "a URL with a path, such as https://api.example.com/oauth")
        String issuer,

        @Doc("Whom the tokens are for, where the client does not say otherwise.") @Nullable
        String audience,

        @Doc("How long an access token counts, where the client does not say otherwise.")
        @Default("5m")
        @Range(min = "1s", max = "24h")
        Duration lifetime,

        @Doc("How long after the first of them a client's refresh tokens count; then it authenticates anew.")
        @Default("24h")
        @Range(min = "1m", max = "9000h")
        Duration refreshLifetime,

        @Doc("How proofs of possession are judged with which clients have tokens bound to a key of theirs.")
        @Default("{}")
        DpopRules dpop,

        @Doc("Who gets tokens, by client id. There are none but these.")
        @Matches(value = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}", expected = "a name of letters, digits, ., - and _")
        Map<String, Client> clients) {
    private static final int LEAST_SECRET = 32;

    /// Who gets tokens.
    @Doc("Who gets tokens, and what they say.")
    public record Client(
            @Doc("The client's secret, at least 32 characters made at random.") @Nullable
            Secret secret,

            @Doc("Instead of it its SHA-256, as `printf %s \"$SECRET\" | sha256sum` prints it. The secret has to be"
                    + " made at random, as with `openssl rand -base64 32`: what people think of can be guessed"
                    + " from its hash.")
            @Matches(value = "[0-9a-f]{64}", expected = "64 hexadecimal digits")
            @Nullable
            String secretHash,

            @Doc("Whom its tokens are for; left out, as for all.") @Nullable
            String audience,

            @Doc("Scopes it may ask for; all of them when it asks for none.")
            @Default("[]")
            @Matches(value = "[!#-\\[\\]-~]+", expected = "a scope: printable characters without spaces, \" and \\")
            List<String> scopes,

            @Doc("The claim `roles`.") @Default("[]") List<String> roles,

            @Doc("The claim `tenant`.") @Nullable String tenant,

            @Doc("How long its access tokens count; left out, as for all.") @Range(min = "1s", max = "24h") @Nullable
            Duration lifetime,

            @Doc("`true`: it gets refresh tokens too, each of which works once.") @Default("false")
            boolean refresh,

            @Doc("`true`: it gets no tokens but those that are bound to a key it proves to hold (DPoP, RFC 9449).")
            @Default("false")
            boolean dpopBoundAccessTokens) {
        public Client {
            if ((secret == null) == (secretHash == null)) {
                throw new IllegalArgumentException("secret: " + (secret == null ? "none" : "beside `secret-hash`")
                        + " (expected: one of `secret` and `secret-hash`)");
            }
            if (secret != null && secret.reveal().length() < LEAST_SECRET) {
                throw new IllegalArgumentException(
                        "secret: too short (expected: at least " + LEAST_SECRET + " characters)");
            }
        }

        /// The hash only is no secret, but nobody's business either.
        @Override
        public String toString() {
            return "Client[audience=" + audience + ", scopes=" + scopes + "]";
        }
    }
}
