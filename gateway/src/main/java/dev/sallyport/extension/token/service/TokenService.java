package dev.sallyport.extension.token.service;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.extension.token.signing.SigningKeys;
import java.util.LinkedHashMap;
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
    private static final long ONCE =
            FieldName.AUTHORIZATION.bit() | FieldName.CONTENT_TYPE.bit() | FieldName.DPOP.bit();
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

    static final String TOKEN = "/token";

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

    TokenService(String issuer, byte[] metadata, TokenEndpoint endpoint, SigningKeys keys, Executor blocking) {
        this.paths = Paths.of(issuer);
        this.metadata = metadata;
        this.endpoint = endpoint;
        this.keys = keys;
        this.blocking = blocking;
    }

    @Override
    public Phase phase() {
        return Phase.ANSWER;
    }

    @Override
    public Decision decide(Exchange exchange) {
        String path = exchange.request().path();
        if (path.equals(paths.base + TOKEN)) {
            return asked(exchange, endpoint::token);
        }
        if (path.equals(paths.base + "/revoke")) {
            return asked(exchange, endpoint::revoke);
        }
        boolean reading =
                exchange.request().method() == Method.GET || exchange.request().method() == Method.HEAD;
        if (path.equals(paths.base + "/jwks")) {
            return reading ? new Decision.Answer(new LocalResponse(200, PUBLIC, keys.publicSet())) : only("GET");
        }
        if (paths.isMetadata(path)) {
            return reading ? new Decision.Answer(new LocalResponse(200, PUBLIC, metadata)) : only("GET");
        }
        return refused(new OAuthException(404, "invalid_request", "The token service has no such path."));
    }

    /// Answers a form.
    @FunctionalInterface
    private interface Asked {
        TokenAnswer answer(TokenRequest request) throws OAuthException;
    }

    private Decision asked(Exchange exchange, Asked asked) {
        if (exchange.request().method() != Method.POST) {
            return only("POST");
        }
        Headers headers = exchange.request().headers();
        String type = headers.first(FieldName.CONTENT_TYPE);
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith(FORM) || twice(headers)) {
            return refused(OAuthException.invalidRequest("The request is no form of type " + FORM + "."));
        }
        if (exchange.request().query() != null) {
            return refused(OAuthException.invalidRequest("Parameters belong in the form, not in the query."));
        }
        String authorization = headers.first(FieldName.AUTHORIZATION);
        String proof = headers.first(FieldName.DPOP);
        return new Decision.ReadBody(MOST_BODY, body -> {
            TokenRequest request = new TokenRequest(authorization, proof, body, exchange.clientAddress());
            return new Decision.Await(CompletableFuture.supplyAsync(() -> answered(asked, request), blocking));
        });
    }

    private static boolean twice(Headers headers) {
        return (headers.repeated() & ONCE) != 0;
    }

    private static Decision answered(Asked asked, TokenRequest request) {
        try {
            TokenAnswer answer = asked.answer(request);
            byte[] body = answer.members().isEmpty() ? new byte[0] : TokenMetadata.octets(answer.members());
            return new Decision.Answer(new LocalResponse(200, with(PRIVATE, answer.nextNonce()), body));
        } catch (OAuthException e) {
            return refused(e);
        }
    }

    private static Headers with(Headers headers, @Nullable String nonce) {
        if (nonce == null) {
            return headers;
        }
        Headers.Builder more = new Headers.Builder();
        for (int i = 0; i < headers.count(); i++) {
            more.add(headers.name(i), headers.value(i));
        }
        return more.add("dpop-nonce", nonce).build();
    }

    private static Decision only(String method) {
        return new Decision.Answer(new LocalResponse(
                405,
                Headers.of("content-type", "application/json", "cache-control", "no-store", "allow", method),
                TokenMetadata.octets(Map.of(
                        "error", "invalid_request", "error_description", "Only " + method + " is served here."))));
    }

    private static Decision refused(OAuthException why) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", why.error());
        members.put("error_description", why.description());
        Headers headers = why.status() == 401 ? CHALLENGE : why.status() == 503 ? LATER : PRIVATE;
        return new Decision.Answer(
                new LocalResponse(why.status(), with(headers, why.nonce()), TokenMetadata.octets(members)));
    }
}
