package dev.sallyport.extension.authn.server;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.sign.ProvingKey;
import dev.sallyport.remote.RemoteTls;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Proves the gateway to an authorization server, with each request.
@OffLoop("virtual threads of the questions")
public final class ClientProof implements KeyInventory {
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final long ASSERTION_SECONDS = 30;
    private static final int ID_OCTETS = 16;

    private final String id;
    private final @Nullable Secret secret;
    private final boolean inForm;
    private final @Nullable Signer signer;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// What assertions are made with (RFC 7523 §3).
    ///
    /// @param keyId    their `kid`, or null
    /// @param audience their `aud`
    private record Signer(ProvingKey key, @Nullable String keyId, String audience, Path file, Instant since) {}

    private ClientProof(
            String id, @Nullable Secret secret, boolean inForm, @Nullable Signer signer, InstantSource clock) {
        this.id = id;
        this.secret = secret;
        this.inForm = inForm;
        this.signer = signer;
        this.clock = clock;
    }

    /// A client with a secret.
    ///
    /// @param inForm whether it stands in the form rather than in `Authorization`
    public static ClientProof bySecret(String id, Secret secret, boolean inForm, InstantSource clock) {
        return new ClientProof(id, secret, inForm, null, clock);
    }

    /// A client with a key.
    ///
    /// @param keyId    `kid` of assertions, or null for what the file says
    /// @param audience of assertions
    /// @throws PluginException the file cannot be used; its key is relative to the client's configuration
    public static ClientProof byKey(String id, Path file, @Nullable String keyId, String audience, InstantSource clock)
            throws PluginException {
        try {
            ProvingKey key = ProvingKey.read(file.toString(), Files.readAllBytes(file));
            String name = keyId == null ? key.id() : keyId;
            return new ClientProof(id, null, true, new Signer(key, name, audience, file, clock.instant()), clock);
        } catch (IOException e) {
            throw new PluginException("client.key", file + ": cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new PluginException("client.key", String.valueOf(e.getMessage()));
        }
    }

    /// A client that only says who it is: a public one, or one that its TLS certificate proves (RFC 8705 §2).
    public static ClientProof byName(String id, InstantSource clock) {
        return new ClientProof(id, null, true, null, clock);
    }

    /// As `config` says.
    ///
    /// @param tls      with the server, or null
    /// @param audience of assertions, where the configuration does not say
    /// @throws PluginException there is nothing that proves the gateway
    public static ClientProof of(ClientConfig config, @Nullable RemoteTls tls, String audience, InstantSource clock)
            throws PluginException {
        if (config.secret() != null) {
            return bySecret(config.id(), config.secret(), config.method() == ClientConfig.Method.POST, clock);
        }
        if (config.key() != null) {
            String wanted = config.audience() == null ? audience : config.audience();
            return byKey(config.id(), config.key(), config.keyId(), wanted, clock);
        }
        if (tls == null || tls.clientCertificate() == null) {
            throw new PluginException(
                    "client", "nothing that proves the client (expected: secret, key, or tls.client-certificate)");
        }
        return byName(config.id(), clock);
    }

    /// The client id.
    public String id() {
        return id;
    }

    /// Adds what proves the gateway to a request of these fields.
    public void prove(Map<String, String> form, Map<String, String> headers) {
        if (secret != null && !inForm) {
            String pair = encoded(id) + ":" + encoded(secret.reveal());
            byte[] octets = pair.getBytes(StandardCharsets.US_ASCII);
            headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(octets));
            return;
        }
        form.put("client_id", id);
        if (secret != null) {
            form.put("client_secret", secret.reveal());
        } else if (signer != null) {
            form.put("client_assertion_type", ASSERTION);
            form.put("client_assertion", assertion(signer));
        }
    }

    /// Made for one request: good for seconds, and never the same again.
    private String assertion(Signer with) {
        byte[] octets = new byte[ID_OCTETS];
        random.nextBytes(octets);
        long now = clock.instant().getEpochSecond();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "JWT");
        if (with.keyId != null) {
            header.put("kid", with.keyId);
        }
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", id);
        claims.put("sub", id);
        claims.put("aud", with.audience);
        claims.put("jti", Base64Url.encode(octets));
        claims.put("iat", now);
        claims.put("exp", now + ASSERTION_SECONDS);
        return with.key.sign(header, claims);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public List<KnownKey> knownKeys() {
        if (signer == null) {
            return List.of();
        }
        String name = signer.keyId == null ? "client " + id : signer.keyId;
        String algorithm = signer.key.algorithm().word();
        return List.of(
                new KnownKey(KnownKey.Use.SIGN, name, algorithm, signer.file.toString(), "client", signer.since, null));
    }

    /// Its name only.
    @Override
    public String toString() {
        return "ClientProof[" + id + "]";
    }
}
