package dev.sallyport.extension.token.service;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.extension.token.signing.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// `token-service`: issues tokens, and says where and with which keys.
///
/// What clients ask for is worked on by virtual threads; secrets are compared, tokens signed and files written there.
final class TokenService implements Policy {
    private static final int MOST_BODY = 16 * 1024;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Headers PUBLIC =
            Headers.of("content-type", "application/json", "cache-control", "public, max-age=300");
    private static final Headers PRIVATE =
            Headers.of("content-type", "application/json", "cache-control", "no-store", "pragma", "no-cache");
    private static final Headers CHALLENGE = Headers.of(
            "content-type",
            "application/json",
            "cache-control",
            "no-store",
            "pragma",
            "no-cache",
            "www-authenticate",
            "Basic realm=\"token-service\", charset=\"UTF-8\"");
    private static final Headers LATER = Headers.of(
            "content-type", "application/json", "cache-control", "no-store", "pragma", "no-cache", "retry-after", "1");

    private final Paths paths;
    private final byte[] metadata;
    private final TokenEndpoint endpoint;
    private final SigningKeys keys;
    private final Executor blocking;

    /// Where everything is.
    ///
    /// @param base     the path of the issuer
    /// @param inserted the path of the metadata as RFC 8414 §3.1 has it
    record Paths(String base, String inserted) {
        static Paths of(String issuer) {
            String base = issuer.substring(issuer.indexOf('/', issuer.indexOf("//") + 2));
            return new Paths(base, "/.well-known/oauth-authorization-server" + base);
        }

        boolean isMetadata(String path) {
            return path.equals(inserted)
                    || path.equals(base + "/.well-known/openid-configuration")
                    || path.equals(base + "/.well-known/oauth-authorization-server");
        }
    }

    TokenService(String issuer, TokenEndpoint endpoint, SigningKeys keys, Executor blocking) {
        this.paths = Paths.of(issuer);
        this.metadata = metadata(issuer);
        this.endpoint = endpoint;
        this.keys = keys;
        this.blocking = blocking;
    }

    /// RFC 8414 §2; complete enough for who looks for an OpenID provider's keys.
    private static byte[] metadata(String issuer) {
        List<String> authentication = List.of("client_secret_basic", "client_secret_post");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", issuer);
        metadata.put("token_endpoint", issuer + "/token");
        metadata.put("jwks_uri", issuer + "/jwks");
        metadata.put("revocation_endpoint", issuer + "/revoke");
        metadata.put("grant_types_supported", List.of("client_credentials", "refresh_token"));
        metadata.put("response_types_supported", List.of());
        metadata.put("token_endpoint_auth_methods_supported", authentication);
        metadata.put("revocation_endpoint_auth_methods_supported", authentication);
        return octets(metadata);
    }

    private static byte[] octets(Map<String, ?> members) {
        return (JSONObjectUtils.toJSONString(members) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Phase phase() {
        return Phase.ANSWER;
    }

    @Override
    public Decision decide(Exchange exchange) {
        String path = exchange.request().path();
        if (path.equals(paths.base + "/token")) {
            return asked(exchange, endpoint::token);
        }
        if (path.equals(paths.base + "/revoke")) {
            return asked(exchange, (authorization, body) -> {
                endpoint.revoke(authorization, body);
                return null;
            });
        }
        boolean reading =
                exchange.request().method() == Method.GET || exchange.request().method() == Method.HEAD;
        if (path.equals(paths.base + "/jwks")) {
            return reading ? new Decision.Answer(new LocalResponse(200, PUBLIC, keys.publicSet())) : only("GET");
        }
        if (paths.isMetadata(path)) {
            return reading ? new Decision.Answer(new LocalResponse(200, PUBLIC, metadata)) : only("GET");
        }
        return refused(404, "invalid_request", "The token service has no such path.");
    }

    /// Answers a form.
    @FunctionalInterface
    private interface Asked {
        /// The answer, or null for an empty one.
        @Nullable
        Map<String, Object> answer(@Nullable String authorization, byte[] body) throws OAuthException;
    }

    private Decision asked(Exchange exchange, Asked asked) {
        if (exchange.request().method() != Method.POST) {
            return only("POST");
        }
        Headers headers = exchange.request().headers();
        String type = headers.first(FieldName.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM) || twice(headers)) {
            return refused(400, "invalid_request", "The request is no form of type " + FORM + ".");
        }
        if (exchange.request().query() != null) {
            return refused(400, "invalid_request", "Parameters belong in the form, not in the query.");
        }
        String authorization = headers.first(FieldName.AUTHORIZATION);
        return new Decision.ReadBody(
                MOST_BODY,
                body -> new Decision.Await(
                        CompletableFuture.supplyAsync(() -> answered(asked, authorization, body), blocking)));
    }

    private static boolean twice(Headers headers) {
        return (headers.repeated() & (FieldName.AUTHORIZATION.bit() | FieldName.CONTENT_TYPE.bit())) != 0;
    }

    private static Decision answered(Asked asked, @Nullable String authorization, byte[] body) {
        try {
            Map<String, Object> answer = asked.answer(authorization, body);
            return new Decision.Answer(new LocalResponse(200, PRIVATE, answer == null ? new byte[0] : octets(answer)));
        } catch (OAuthException e) {
            return refused(e.status(), e.error(), e.description());
        }
    }

    private static Decision only(String method) {
        return new Decision.Answer(new LocalResponse(
                405,
                Headers.of("content-type", "application/json", "cache-control", "no-store", "allow", method),
                octets(Map.of(
                        "error", "invalid_request", "error_description", "Only " + method + " is served here."))));
    }

    private static Decision refused(int status, String error, String description) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", error);
        members.put("error_description", description);
        Headers headers = status == 401 ? CHALLENGE : status == 503 ? LATER : PRIVATE;
        return new Decision.Answer(new LocalResponse(status, headers, octets(members)));
    }
}
