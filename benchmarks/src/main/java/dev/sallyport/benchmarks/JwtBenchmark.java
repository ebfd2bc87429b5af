package dev.sallyport.benchmarks;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.DpopRules;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.UrlOrFile;
import dev.sallyport.app.process.Lent;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.jwt.JwtConfig;
import dev.sallyport.extension.authn.jwt.JwtFactory;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a signed token costs: `remembered`, one that was verified before; `forged`, one that never was, with all that
/// is done for one that is seen first (read, claims, signature) on the same thread; `signature` and `signatureByJdk`,
/// the last part of it alone, by the fastest provider of this machine and by the JDK.
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class JwtBenchmark {
    private static final String ISSUER = "https://issuer.benchmark.test";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    @Param({"RS256", "ES256", "EdDSA"})
    private String algorithm = "RS256";

    private Authenticator jwt = _ -> Authentication.NO_CREDENTIAL;
    private Exchange good = exchange("");
    private Exchange bad = exchange("");
    private VerificationKey key = VerificationKey.ofSecret(null, new byte[64], Set.of(Algorithm.HS256));
    private VerificationKey keyOfJdk = key;
    private CompactToken.Jws token = token("eyJhbGciOiJSUzI1NiJ9.e30.AA");

    @Setup
    public void setUp() throws IOException, GeneralSecurityException, PluginException {
        KeyPair pair = pair();
        Path keys = Files.createTempFile("jwks", ".json");
        keys.toFile().deleteOnExit();
        String jwks = "{\"keys\":[%s]}".formatted(jwk(pair));
        Files.writeString(keys, jwks);
        key = key(jwks, SignatureProvider.fastest());
        keyOfJdk = key(jwks, SignatureProvider.JDK);
        String text = signed(pair);
        token = token(text);
        int signature = text.lastIndexOf('.') + 1;
        String forged = text.substring(0, signature)
                + (text.charAt(signature) == 'A' ? 'B' : 'A')
                + text.substring(signature + 1);
        good = exchange(text);
        bad = exchange(forged);
        jwt = new JwtFactory(EventLog.SILENT, new VerificationPool(Runnable::run, 10, 10))
                .create(config(keys), new PluginContext("tokens", 1, Lent.inMemory(_ -> null)));
        if (!(finished(jwt.authenticate(good)) instanceof Authentication.Proven)
                || !(finished(jwt.authenticate(bad)) instanceof Authentication.BadCredential)) {
            throw new IllegalStateException("the good token is not taken or the forged one is");
        }
    }

    @Benchmark
    public Authentication remembered() {
        return jwt.authenticate(good);
    }

    @Benchmark
    public Authentication forged() {
        return jwt.authenticate(bad);
    }

    @Benchmark
    public boolean signature() {
        return token.verifies(key);
    }

    @Benchmark
    public boolean signatureByJdk() {
        return token.verifies(keyOfJdk);
    }

    private static VerificationKey key(String jwks, SignatureProvider provider) throws GeneralSecurityException {
        try {
            return new KeySetReader(provider)
                    .read(jwks.getBytes(StandardCharsets.UTF_8))
                    .keys()
                    .keys()
                    .getFirst();
        } catch (KeySetReader.BadKeyException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private static Authentication finished(Authentication found) {
        return found instanceof Authentication.Await(var stage)
                ? stage.toCompletableFuture().join()
                : found;
    }

    private static CompactToken.Jws token(String text) {
        return (CompactToken.Jws) CompactToken.read(text, JoseHeader.Rules.KNOWN_KEY);
    }

    private KeyPair pair() throws GeneralSecurityException {
        KeyPairGenerator generator = switch (algorithm) {
            case "RS256" -> KeyPairGenerator.getInstance("RSA");
            case "ES256" -> KeyPairGenerator.getInstance("EC");
            default -> KeyPairGenerator.getInstance("Ed25519");
        };
        if (!algorithm.equals("EdDSA")) {
            generator.initialize(algorithm.equals("RS256") ? 2048 : 256);
        }
        return generator.generateKeyPair();
    }

    private static String jwk(KeyPair pair) {
        return switch (pair.getPublic()) {
            case RSAPublicKey rsa ->
                "{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"%s\",\"e\":\"AQAB\"}"
                        .formatted(encode(fixed(rsa.getModulus().toByteArray(), 256)));
            case ECPublicKey ec ->
                "{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}"
                        .formatted(
                                encode(fixed(ec.getW().getAffineX().toByteArray(), 32)),
                                encode(fixed(ec.getW().getAffineY().toByteArray(), 32)));
            case EdECPublicKey ed -> {
                byte[] encoded = ed.getEncoded();
                yield "{\"kty\":\"OKP\",\"kid\":\"k\",\"crv\":\"Ed25519\",\"x\":\"%s\"}"
                        .formatted(encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
            }
            default -> throw new IllegalArgumentException(pair.getPublic().getAlgorithm());
        };
    }

    private String signed(KeyPair pair) throws GeneralSecurityException {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"iss\":\"%s\",\"sub\":\"caller-1\",\"aud\":\"a\",\"iat\":%d,\"exp\":%d,\"jti\":\"1\",\"roles\":[\"reader\"]}"
                        .formatted(ISSUER, now, now + 7200);
        String text = encode("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"k\"}"
                        .formatted(algorithm)
                        .getBytes(StandardCharsets.UTF_8))
                + '.'
                + encode(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "ES256" -> "SHA256withECDSAinP1363Format";
                    default -> "Ed25519";
                });
        signature.initSign(pair.getPrivate());
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return text + '.' + encode(signature.sign());
    }

    private static String encode(byte[] octets) {
        return BASE64.encodeToString(octets);
    }

    private static byte[] fixed(byte[] number, int octets) {
        byte[] fixed = new byte[octets];
        int length = Math.min(octets, number.length);
        System.arraycopy(number, number.length - length, fixed, octets - length, length);
        return fixed;
    }

    private static JwtConfig config(Path keys) {
        return new JwtConfig(
                ISSUER,
                new UrlOrFile(null, keys),
                null,
                List.of("a"),
                List.of(),
                null,
                null,
                Duration.ofSeconds(30),
                null,
                List.of(),
                new DpopRules(Duration.ofSeconds(60), Duration.ofSeconds(10), DpopRules.Nonce.OFF, List.of("ES256")),
                new JwtConfig.Replay(false),
                new PrincipalConfig("sub", "roles", Map.of(), null),
                new JwtConfig.Refresh(Duration.ofMinutes(5), Duration.ofSeconds(15), Duration.ofHours(24)),
                null);
    }

    private static Exchange exchange(String token) {
        CanonicalRequest request = new CanonicalRequest(
                Method.GET,
                "http",
                new Authority("shop.example.com", -1),
                "/orders/7",
                0,
                null,
                Headers.of("authorization", "Bearer " + token),
                HttpVersion.HTTP_1_1);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        return new Exchange(
                request,
                new ClientConnection(new InetSocketAddress(loopback, 54321), "public", null, null),
                Runnable::run,
                0,
                new Exchange.Origin(loopback, new TraceContext(1, 2, 3, 0, true), 1, 2, 3, 4));
    }
}
