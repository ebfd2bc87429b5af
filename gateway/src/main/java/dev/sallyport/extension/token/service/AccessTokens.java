package dev.sallyport.extension.token.service;

import dev.sallyport.api.access.Revoker;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.extension.token.service.Clients.Client;
import dev.sallyport.extension.token.signing.SigningKeys;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Access tokens of one issuer (RFC 9068): signed, and taken back before their time. Blocks.
@OffLoop("virtual threads of the token service")
final class AccessTokens {
    private static final String TYPE = "at+jwt";
    private static final int ID_OCTETS = 16;
    private static final Duration SIGNED_WITHIN = Duration.ofSeconds(5);

    /// Authenticators take tokens up to a minute after their end, for clocks that differ.
    private static final Duration TAKEN_LONGER = Duration.ofMinutes(2);

    private final String issuer;
    private final SigningKeys keys;
    private final Services services;
    private final Revoker revoker;
    private final EventLog log;
    private final SecureRandom random = new SecureRandom();

    AccessTokens(String issuer, SigningKeys keys, Services services, Revoker revoker, EventLog log) {
        this.issuer = issuer;
        this.keys = keys;
        this.services = services;
        this.revoker = revoker;
        this.log = log;
    }

    /// A token by its name.
    ///
    /// @param ends seconds of the epoch
    record Name(String id, long ends) {}

    /// The name of a token for `client`, made now.
    Name name(Client client) {
        byte[] bytes = new byte[ID_OCTETS];
        random.nextBytes(bytes);
        long now = services.clock().instant().getEpochSecond();
        return new Name(
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                now + client.lifetime().toSeconds());
    }

    /// The token called `name`, with the claims of RFC 9068 §2.2.
    ///
    /// @param thumbprint of the key it is bound to (RFC 9449 §6.1), or null
    /// @throws OAuthException it cannot be signed now
    String signed(Name name, Client client, String scope, @Nullable String thumbprint) throws OAuthException {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", client.id());
        claims.put("client_id", client.id());
        claims.put("aud", client.audience());
        claims.put("iat", name.ends - client.lifetime().toSeconds());
        claims.put("exp", name.ends);
        claims.put("jti", name.id);
        if (!scope.isEmpty()) {
            claims.put("scope", scope);
        }
        if (!client.roles().isEmpty()) {
            claims.put("roles", client.roles());
        }
        if (client.tenant() != null) {
            claims.put("tenant", client.tenant());
        }
        if (thumbprint != null) {
            claims.put("cnf", Map.of("jkt", thumbprint));
        }
        try {
            return keys.sign(TYPE, claims).toCompletableFuture().get(SIGNED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            throw OAuthException.unavailable();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw OAuthException.unavailable();
        }
    }

    /// Takes `token` back, if it is one of these and was issued to `client`.
    ///
    /// @throws OAuthException it cannot be kept that it is
    void revoke(String token, String client) throws OAuthException {
        Map<String, Object> claims = keys.claims(TYPE, token);
        if (claims != null
                && issuer.equals(claims.get("iss"))
                && client.equals(claims.get("client_id"))
                && claims.get("jti") instanceof String id
                && claims.get("exp") instanceof Number ends) {
            revoke(List.of(new Name(id, ends.longValue())), client);
        }
    }

    /// Takes back those of `tokens` that may still be taken.
    ///
    /// @throws OAuthException it cannot be kept that they are
    void revoke(List<Name> tokens, String client) throws OAuthException {
        for (Name token : tokens) {
            Instant ends = Instant.ofEpochSecond(token.ends).plus(TAKEN_LONGER);
            if (ends.isAfter(services.clock().instant())) {
                try {
                    revoker.revoke(new Revoker.IssuedToken(issuer, token.id, client, ends));
                } catch (IOException e) {
                    log.event(Event.TOKEN_NOT_REVOKED, "token", token.id, "client", client, "error", e);
                    throw OAuthException.unavailable();
                }
            }
        }
    }
}
