package dev.sallyport.extension.token.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The clients of a token service, and how they prove who they are (RFC 6749 §2.3.1).
final class Clients {
    private static final String BASIC = "basic ";
    private static final byte[] NOBODY = new byte[32];

    private final Map<String, Client> byId = new TreeMap<>();

    /// A client.
    ///
    /// @param digest SHA-256 of its secret
    /// @param bound  whether it gets no bearer tokens
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    record Client(
            String id,
            byte[] digest,
            String audience,
            List<String> scopes,
            List<String> roles,
            @Nullable String tenant,
            Duration lifetime,
            boolean refresh,
            boolean bound) {
        Client {
            scopes = List.copyOf(scopes);
            roles = List.copyOf(roles);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /// Adds one that `config` describes.
    void add(String id, TokenServiceConfig.Client config, String audience, Duration lifetime) {
        byte[] digest = config.secret() == null
                ? HexFormat.of().parseHex(String.valueOf(config.secretHash()))
                : sha256(config.secret().reveal());
        byId.put(
                id,
                new Client(
                        id,
                        digest,
                        audience,
                        config.scopes(),
                        config.roles(),
                        config.tenant(),
                        lifetime,
                        config.refresh(),
                        config.dpopBoundAccessTokens()));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The client that sent `form`.
    ///
    /// @param authorization the `Authorization` field, or null
    /// @throws OAuthException it is none of these, or shows its secret in two ways
    Client authenticate(@Nullable String authorization, Form form) throws OAuthException {
        String id = form.get("client_id");
        String secret = form.get("client_secret");
        if (authorization != null) {
            if (secret != null) {
                throw OAuthException.invalidRequest("The client authenticates in two ways.");
            }
            String[] pair = basic(authorization);
            if (id != null && !id.equals(pair[0])) {
                throw OAuthException.invalidRequest("The client_id is another than the one that authenticates.");
            }
            id = pair[0];
            secret = pair[1];
        }
        Client client = id == null ? null : byId.get(id);
        // an unknown client costs the same time as a wrong secret (threats AK-01, AK-07)
        byte[] shown = sha256(secret == null ? "" : secret);
        boolean same = MessageDigest.isEqual(client == null ? NOBODY : client.digest, shown);
        if (client == null || secret == null || !same) {
            throw OAuthException.invalidClient();
        }
        return client;
    }

    private static String[] basic(String authorization) throws OAuthException {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw OAuthException.invalidClient();
        }
        String text;
        try {
            text = new String(
                    Base64.getDecoder()
                            .decode(authorization.substring(BASIC.length()).trim()),
                    StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException _) {
            throw OAuthException.invalidClient();
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw OAuthException.invalidClient();
        }
        return new String[] {Form.decoded(text.substring(0, colon)), Form.decoded(text.substring(colon + 1))};
    }
}
