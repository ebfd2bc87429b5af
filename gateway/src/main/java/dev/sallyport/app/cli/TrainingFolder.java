package dev.sallyport.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.stream.Stream;

/// A folder with what a real gateway often has and the demo has not, removed at its end: conditions, roles, signed
/// tokens of an issuer whose keys are in a file, an audit log.
final class TrainingFolder implements AutoCloseable {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final int COORDINATE = 32;
    private static final String CONFIG = """
            version: 1
            listeners: { web: { bind: "127.0.0.1:0" } }
            upstreams: { shop: { endpoints: ["http://127.0.0.1:$PORT"] } }
            authenticators:
              staff: { kind: jwt, issuer: "https://issuer.test", jwks: keys.json, audience: shop, principal: { roles: roles, tenant: tenant } }
            roles: { clerk: { permissions: ["products:read"] } }
            grants:
              - { role: clerk, when: 'type(principal.claims.groups) == list && principal.claims.groups.exists(g, g == "clerks")' }
            routes:
              products:
                match: { path: "/{tenant}/products/{id}" }
                access:
                  authenticate: [staff]
                  require: products:read
                  when: 'path.tenant == principal.tenant && (client.address.inRange(["127.0.0.0/8"]) || request.path.matches("^/a"))'
                  deny: [ { when: 'has(principal.claims.blocked) && time.now > timestamp("2020-01-01T00:00:00Z")' } ]
                upstream: shop
                rewrite: { path: "/v1/products/{id}" }
            observe: { audit-log: { to: { file: audit.jsonl }, allows: all } }
            admin: { bind: "127.0.0.1:0" }
            """;

    private final Path folder;
    private final String token;

    private TrainingFolder(Path folder, String token) {
        this.folder = folder;
        this.token = token;
    }

    /// A new folder, for a gateway before an upstream at `port`.
    static TrainingFolder make(int port) throws IOException {
        Path folder = Files.createTempDirectory("sallyport-train-");
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            Files.writeString(folder.resolve("keys.json"), jwks((ECPublicKey) pair.getPublic()));
            Files.writeString(folder.resolve("gateway.yaml"), CONFIG.replace("$PORT", Integer.toString(port)));
            return new TrainingFolder(folder, signed(pair));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String jwks(ECPublicKey key) {
        return "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}]}"
                .formatted(
                        coordinate(key.getW().getAffineX().toByteArray()),
                        coordinate(key.getW().getAffineY().toByteArray()));
    }

    private static String coordinate(byte[] number) {
        byte[] fixed = new byte[COORDINATE];
        int length = Math.min(COORDINATE, number.length);
        System.arraycopy(number, number.length - length, fixed, COORDINATE - length, length);
        return BASE64.encodeToString(fixed);
    }

    private static String signed(KeyPair pair) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"iss\":\"https://issuer.test\",\"aud\":\"shop\",\"sub\":\"a\",\"tenant\":\"acme\",\"groups\":[\"clerks\"],"
                        + "\"iat\":" + now + ",\"exp\":" + (now + 600) + "}";
        String text = Stream.of("{\"alg\":\"ES256\",\"kid\":\"k\"}", claims)
                .map(part -> BASE64.encodeToString(part.getBytes(StandardCharsets.UTF_8)))
                .reduce((one, two) -> one + '.' + two)
                .orElseThrow();
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + '.' + BASE64.encodeToString(signature.sign());
    }

    Path config() {
        return folder.resolve("gateway.yaml");
    }

    /// Of a caller in the tenant `acme`.
    String token() {
        return token;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
