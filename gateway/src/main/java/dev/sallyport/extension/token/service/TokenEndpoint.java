package dev.sallyport.extension.token.service;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.token.service.Clients.Client;
import dev.sallyport.extension.token.signing.SigningKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What clients ask a token service for: tokens (RFC 6749 §4.4 and §6) and their end (RFC 7009). Blocks.
@OffLoop("virtual threads of the token service")
final class TokenEndpoint {
    private static final int ID_OCTETS = 16;
    private static final Duration SIGNED_WITHIN = Duration.ofSeconds(5);

    private final String issuer;
    private final Clients clients;
    private final RefreshTokens refreshTokens;
    private final Duration refreshLifetime;
    private final SigningKeys keys;
    private final Services services;
    private final SecureRandom random = new SecureRandom();

    TokenEndpoint(
            TokenServiceConfig config,
            Clients clients,
            RefreshTokens refreshTokens,
            SigningKeys keys,
            Services services) {
        this.issuer = config.issuer();
        this.clients = clients;
        this.refreshTokens = refreshTokens;
        this.refreshLifetime = config.refreshLifetime();
        this.keys = keys;
        this.services = services;
    }

    /// A successful answer of RFC 6749 §5.1.
    ///
    /// @throws OAuthException there is no token for this
    Map<String, Object> token(@Nullable String authorization, byte[] body) throws OAuthException {
        Form form = Form.parse(body);
        Client client = clients.authenticate(authorization, form);
        return switch (form.need("grant_type")) {
            case "client_credentials" -> {
                String scope = scope(form, client.scopes());
                Map<String, Object> answer = answer(client, scope);
                if (client.refresh()) {
                    answer.put(
                            "refresh_token",
                            refreshTokens
                                    .begin(client.id(), scope, refreshLifetime)
                                    .token());
                }
                yield answer;
            }
            case "refresh_token" -> {
                String shown = form.need("refresh_token");
                if (!client.refresh()) {
                    throw new OAuthException(400, "unauthorized_client", "The client gets no refresh tokens.");
                }
                // what the client may ask for today, before its token is used up
                String asked = form.get("scope");
                if (asked != null) {
                    scope(form, client.scopes());
                }
                RefreshTokens.Issued next = refreshTokens.use(shown, client.id());
                List<String> granted = new ArrayList<>(words(next.family().scope()));
                granted.retainAll(client.scopes());
                Map<String, Object> answer = answer(client, scope(form, granted));
                answer.put("refresh_token", next.token());
                yield answer;
            }
            default ->
                throw new OAuthException(
                        400, "unsupported_grant_type", "Supported are client_credentials and refresh_token.");
        };
    }

    private static List<String> words(String scope) {
        return scope.isEmpty() ? List.of() : List.of(scope.split(" ", -1));
    }

    private static String scope(Form form, List<String> allowed) throws OAuthException {
        String asked = form.get("scope");
        if (asked == null) {
            return String.join(" ", allowed);
        }
        List<String> words = words(asked);
        if (!allowed.containsAll(words)) {
            throw new OAuthException(400, "invalid_scope", "The client may not have a scope it asks for.");
        }
        return String.join(" ", words.stream().distinct().toList());
    }

    private Map<String, Object> answer(Client client, String scope) throws OAuthException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", accessToken(client, scope));
        answer.put("token_type", "Bearer");
        answer.put("expires_in", client.lifetime().toSeconds());
        if (!scope.isEmpty()) {
            answer.put("scope", scope);
        }
        return answer;
    }

    /// Claims of RFC 9068 §2.2.
    private String accessToken(Client client, String scope) throws OAuthException {
        long now = services.clock().instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", client.id());
        claims.put("client_id", client.id());
        claims.put("aud", client.audience());
        claims.put("iat", now);
        claims.put("exp", now + client.lifetime().toSeconds());
        claims.put("jti", id());
        if (!scope.isEmpty()) {
            claims.put("scope", scope);
        }
        if (!client.roles().isEmpty()) {
            claims.put("roles", client.roles());
        }
        if (client.tenant() != null) {
            claims.put("tenant", client.tenant());
        }
        try {
            return keys.sign("at+jwt", claims)
                    .toCompletableFuture()
                    .get(SIGNED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw OAuthException.unavailable();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw OAuthException.unavailable();
        }
    }

    private String id() {
        byte[] bytes = new byte[ID_OCTETS];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Ends a refresh token and all of its family; one that is unknown needs no end (RFC 7009 §2.2).
    ///
    /// @throws OAuthException the client is none, or the token is of a kind that ends by itself only
    void revoke(@Nullable String authorization, byte[] body) throws OAuthException {
        Form form = Form.parse(body);
        Client client = clients.authenticate(authorization, form);
        String token = form.need("token");
        if (token.chars().filter(c -> c == '.').count() == 2) {
            throw new OAuthException(
                    400, "unsupported_token_type", "Access tokens end by themselves; refresh tokens can be revoked.");
        }
        refreshTokens.revoke(token, client.id());
    }
}
