package dev.sallyport.extension.token.service;

import dev.sallyport.api.access.PossessionProofs.Finding;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.token.service.Clients.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What clients ask a token service for: tokens (RFC 6749 §4.4 and §6), bound to a key where they prove to hold one
/// (RFC 9449 §5), and their end (RFC 7009). Blocks.
@OffLoop("virtual threads of the token service")
final class TokenEndpoint {
    private final Clients clients;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final Duration refreshLifetime;
    private final TokenBinding binding;

    TokenEndpoint(
            Clients clients,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens,
            Duration refreshLifetime,
            TokenBinding binding) {
        this.clients = clients;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
        this.refreshLifetime = refreshLifetime;
        this.binding = binding;
    }

    /// A successful answer of RFC 6749 §5.1.
    ///
    /// @throws OAuthException there is no token for this
    TokenAnswer token(TokenRequest request) throws OAuthException {
        Form form = Form.parse(request.body());
        Client client = clients.authenticate(request.authorization(), form);
        return switch (form.need("grant_type")) {
            case "client_credentials" -> {
                String scope = scope(form, client.scopes());
                Finding.Held bound = binding.binding(request, client);
                AccessTokens.Name name = accessTokens.name(client);
                String refresh = client.refresh()
                        ? refreshTokens
                                .begin(client.id(), scope, refreshLifetime, name)
                                .token()
                        : null;
                yield answer(name, client, scope, bound, refresh);
            }
            case "refresh_token" -> {
                String shown = form.need("refresh_token");
                if (!client.refresh()) {
                    throw new OAuthException(400, "unauthorized_client", "The client gets no refresh tokens.");
                }
                // what the client may ask for today, before its token is used up
                if (form.get("scope") != null) {
                    scope(form, client.scopes());
                }
                // any key: the refresh token is bound to the client by its secret (RFC 9449 §5)
                Finding.Held bound = binding.binding(request, client);
                AccessTokens.Name name = accessTokens.name(client);
                RefreshTokens.Issued next = refreshTokens.use(shown, client.id(), name);
                List<String> granted = new ArrayList<>(words(next.family().scope()));
                granted.retainAll(client.scopes());
                yield answer(name, client, scope(form, granted), bound, next.token());
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

    private TokenAnswer answer(
            AccessTokens.Name name, Client client, String scope, Finding.@Nullable Held bound, @Nullable String refresh)
            throws OAuthException {
        Map<String, Object> answer = new LinkedHashMap<>();
        String thumbprint = bound == null ? null : bound.thumbprint();
        answer.put("access_token", accessTokens.signed(name, client, scope, thumbprint));
        answer.put("token_type", bound == null ? "Bearer" : "DPoP");
        answer.put("expires_in", client.lifetime().toSeconds());
        if (!scope.isEmpty()) {
            answer.put("scope", scope);
        }
        if (refresh != null) {
            answer.put("refresh_token", refresh);
        }
        return new TokenAnswer(answer, bound == null ? null : bound.nextNonce());
    }

    /// Ends an access token, or a refresh token with everything of its family; one that is unknown needs no end
    /// (RFC 7009 §2.2), and of what kind it is its form says, whatever the hint.
    ///
    /// @throws OAuthException the client is none, or the end cannot be kept
    TokenAnswer revoke(TokenRequest request) throws OAuthException {
        Form form = Form.parse(request.body());
        Client client = clients.authenticate(request.authorization(), form);
        String token = form.need("token");
        if (RefreshTokens.isOne(token)) {
            refreshTokens.revoke(token, client.id());
        } else {
            accessTokens.revoke(token, client.id());
        }
        return TokenAnswer.EMPTY;
    }
}
