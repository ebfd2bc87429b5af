package dev.sallyport.extension.authn.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An OpenID provider on a loopback port whose user always says yes, and that lies where a test wants it to.
final class FakeProvider implements AutoCloseable {
    static final String CLIENT = "portal";
    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String SUBJECT = "alice-1";
    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final HttpServer server;
    private final InstantSource clock;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final Map<String, String> nonces = new ConcurrentHashMap<>();
    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();

    /// Every form that the token endpoint was sent.
    final List<Map<String, String>> tokenRequests = new CopyOnWriteArrayList<>();
    final List<String> tokenAuthorizations = new CopyOnWriteArrayList<>();
    /// How often it was asked for its keys.
    final AtomicInteger keySetsServed = new AtomicInteger();

    volatile ECKey key = key("key-1");
    volatile UnaryOperator<JWTClaimsSet.Builder> idToken = UnaryOperator.identity();
    /// What becomes of signed tokens before they are handed out, such as that they are encrypted.
    volatile UnaryOperator<String> wrapping = UnaryOperator.identity();
    volatile UnaryOperator<JWSHeader.Builder> header = UnaryOperator.identity();
    volatile UnaryOperator<Map<String, Object>> discovery = UnaryOperator.identity();
    volatile UnaryOperator<Map<String, Object>> granted = UnaryOperator.identity();
    volatile Map<String, Object> userinfo = Map.of("sub", SUBJECT, "email", "alice@example.com");
    volatile String sid = "provider-session-1";
    volatile long expiresIn = 300;
    volatile int tokenStatus = 200;
    volatile int keysStatus = 200;
    volatile boolean refreshing = true;
    volatile @Nullable CountDownLatch holdRefresh;

    FakeProvider(InstantSource clock) {
        this.clock = clock;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/.well-known/openid-configuration", exchange -> json(exchange, 200, metadata()));
        server.createContext("/keys", exchange -> {
            keySetsServed.incrementAndGet();
            json(exchange, keysStatus, new JWKSet(key.toPublicJWK()).toJSONObject());
        });
        server.createContext("/token", this::token);
        server.createContext("/userinfo", exchange -> json(exchange, 200, userinfo));
        server.start();
    }

    static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(id)
                    .algorithm(JWSAlgorithm.ES256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", issuer());
        metadata.put("authorization_endpoint", issuer() + "/authorize");
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("jwks_uri", issuer() + "/keys");
        metadata.put("userinfo_endpoint", issuer() + "/userinfo");
        metadata.put("end_session_endpoint", issuer() + "/logout");
        metadata.put("code_challenge_methods_supported", List.of("S256"));
        metadata.put("authorization_response_iss_parameter_supported", true);
        return discovery.apply(metadata);
    }

    /// The user says yes to what `location` asks for; the query that the browser brings back.
    Map<String, String> authorize(String location) {
        Map<String, String> asked = pairs(URI.create(location).getRawQuery());
        String code = UUID.randomUUID().toString();
        codes.put(code, asked);
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("code", code);
        answer.put("state", String.valueOf(asked.get("state")));
        answer.put("iss", issuer());
        return answer;
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = pairs(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        tokenRequests.add(form);
        tokenAuthorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        if (tokenStatus != 200) {
            json(exchange, tokenStatus, Map.of("error", "invalid_grant"));
        } else if ("authorization_code".equals(form.get("grant_type"))) {
            code(exchange, form);
        } else {
            refresh(exchange, form);
        }
    }

    private void code(HttpExchange exchange, Map<String, String> form) throws IOException {
        Map<String, String> asked = codes.remove(String.valueOf(form.get("code")));
        boolean good = asked != null
                && String.valueOf(asked.get("redirect_uri")).equals(form.get("redirect_uri"))
                && "S256".equals(asked.get("code_challenge_method"))
                && String.valueOf(asked.get("code_challenge")).equals(hash(String.valueOf(form.get("code_verifier"))));
        if (good && asked != null) {
            json(exchange, 200, tokens(asked.get("nonce")));
        } else {
            json(exchange, 400, Map.of("error", "invalid_grant"));
        }
    }

    private void refresh(HttpExchange exchange, Map<String, String> form) throws IOException {
        CountDownLatch held = holdRefresh;
        try {
            if (held != null && !held.await(20, TimeUnit.SECONDS)) {
                throw new IOException("never let go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String shown = String.valueOf(form.get("refresh_token"));
        if (refreshTokens.remove(shown)) {
            json(exchange, 200, tokens(nonces.get(shown)));
        } else {
            json(exchange, 400, Map.of("error", "invalid_grant"));
        }
    }

    private Map<String, Object> tokens(@Nullable String nonce) {
        String access = UUID.randomUUID().toString();
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("access_token", access);
        tokens.put("token_type", "Bearer");
        tokens.put("expires_in", expiresIn);
        if (refreshing) {
            String refresh = UUID.randomUUID().toString();
            refreshTokens.add(refresh);
            nonces.put(refresh, String.valueOf(nonce));
            tokens.put("refresh_token", refresh);
        }
        JWTClaimsSet.Builder claims = claims().subject(SUBJECT)
                .claim("nonce", nonce)
                .claim("sid", sid)
                .claim("roles", List.of("clerk"))
                .claim("at_hash", half(access));
        tokens.put("id_token", sign(header.apply(header("JWT")), idToken.apply(claims)));
        return granted.apply(tokens);
    }

    private JWTClaimsSet.Builder claims() {
        Date now = Date.from(clock.instant());
        return new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience(CLIENT)
                .issueTime(now)
                .expirationTime(Date.from(clock.instant().plusSeconds(300)));
    }

    JWSHeader.Builder header(String type) {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).type(new JOSEObjectType(type));
    }

    /// A logout token for the session of the provider, changed as the test wants.
    String logoutToken(UnaryOperator<JWTClaimsSet.Builder> change) {
        return logoutToken("logout+jwt", change);
    }

    String logoutToken(String type, UnaryOperator<JWTClaimsSet.Builder> change) {
        return logoutToken(header(type), change);
    }

    String logoutToken(JWSHeader.Builder header, UnaryOperator<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = claims().subject(SUBJECT)
                .claim("sid", sid)
                .jwtID(UUID.randomUUID().toString())
                .claim("events", Map.of(LOGOUT_EVENT, Map.of()));
        return sign(header, change.apply(claims));
    }

    String sign(JWSHeader.Builder head, JWTClaimsSet.Builder claims) {
        try {
            SignedJWT token = new SignedJWT(head.build(), claims.build());
            token.sign(new ECDSASigner(key));
            return wrapping.apply(token.serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As if the provider had forgotten every refresh token it gave.
    void forgetRefreshTokens() {
        refreshTokens.clear();
    }

    long refreshes() {
        return tokenRequests.stream()
                .filter(form -> "refresh_token".equals(form.get("grant_type")))
                .count();
    }

    static Map<String, String> pairs(@Nullable String query) {
        Map<String, String> pairs = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            pairs.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return pairs;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(String text) {
        return Base64URL.encode(sha256(text)).toString();
    }

    private static String half(String text) {
        return Base64URL.encode(Arrays.copyOf(sha256(text), 16)).toString();
    }

    private static void json(HttpExchange exchange, int status, Map<String, Object> members) throws IOException {
        byte[] body = JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
