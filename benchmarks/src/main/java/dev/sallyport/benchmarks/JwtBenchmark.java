package dev.sallyport.benchmarks;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.TraceContext;
import dev.sallyport.api.http.Authority;
import dev.sallyport.api.http.CanonicalRequest;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.HttpVersion;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.KeySetReader;
import dev.sallyport.extension.authn.jose.SignatureProvider;
import dev.sallyport.extension.authn.jose.VerificationKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
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
        SignedTokens tokens = SignedTokens.of(algorithm);
        String jwks = tokens.jwks();
        key = key(jwks, SignatureProvider.fastest());
        keyOfJdk = key(jwks, SignatureProvider.JDK);
        String text = tokens.token();
        token = token(text);
        int signature = text.lastIndexOf('.') + 1;
        String forged = text.substring(0, signature)
                + (text.charAt(signature) == 'A' ? 'B' : 'A')
                + text.substring(signature + 1);
        good = exchange(text);
        bad = exchange(forged);
        jwt = tokens.authenticator();
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
