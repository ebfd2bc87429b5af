package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.Base64Url;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Validates ID tokens (OpenID Connect Core §3.1.3.7, §12.2) and logout tokens (Back-Channel Logout §2.6). Checking
/// a signature takes its time: not on event loops.
@OffLoop("virtual threads")
public final class IdTokenCheck {
    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final long FRESH_SECONDS = 600;
    private static final int LONGEST_SUBJECT = 255;

    private final OidcConfig config;
    private final Keys keys;
    private final @Nullable Decryption decryption;
    private final InstantSource clock;

    /// Finds the provider's keys; may ask the provider for new ones.
    public interface Keys {
        /// The key, or null when the provider has none of that name.
        ///
        /// @throws LoginFailure the provider's keys are not known now
        @Nullable
        VerificationKey find(@Nullable String id, Algorithm algorithm) throws LoginFailure;
    }

    /// @param decryption opens encrypted tokens, or null where none are taken
    public IdTokenCheck(OidcConfig config, Keys keys, @Nullable Decryption decryption, InstantSource clock) {
        this.decryption = decryption;
        this.config = config;
        this.keys = keys;
        this.clock = clock;
    }

    /// A token as it was signed, out of its encryption where it had one; nobody has verified it yet.
    public static final class Opened {
        private final String text;

        private Opened(String text) {
            this.text = text;
        }

        /// The signed token.
        public String text() {
            return text;
        }

        @Override
        public String toString() {
            return "Opened";
        }
    }

    /// Opens `token` where it is encrypted to the gateway (OpenID Connect Core §10.2). To be encrypted is no proof of
    /// anything: what is inside has to be signed (threat JW-13).
    public Opened opened(String token) throws LoginFailure {
        if (!(CompactToken.read(token, JoseHeader.Rules.KNOWN_KEY) instanceof CompactToken.Jwe encrypted)) {
            if (config.decrypt() != null && config.decrypt().required()) {
                throw bad("encryption");
            }
            return new Opened(token);
        }
        CompactToken.Jws inside = decryption == null ? null : decryption.open(encrypted);
        if (inside == null) {
            throw bad("encryption");
        }
        return new Opened(new String(inside.token(), StandardCharsets.US_ASCII));
    }

    /// The claims of the ID token of a login.
    ///
    /// @param accessToken that came with it
    public Claims login(Opened token, String nonce, String accessToken) throws LoginFailure {
        CompactToken.Jws signed = signed(token, "JWT", false);
        Claims claims = common(signed);
        if (!nonce.equals(claims.all().get("nonce"))) {
            throw bad("nonce");
        }
        checkAccessTokenHash(signed, claims, accessToken);
        if (!config.acrValues().isEmpty()
                && !(claims.all().get("acr") instanceof String acr
                        && config.acrValues().contains(acr))) {
            throw new LoginFailure(Refused.STRENGTH, "acr is not among acr-values");
        }
        if (config.maxAge() != null) {
            long authenticated = NumericDate.of(claims, "auth_time");
            long age = now() - authenticated;
            if (authenticated < 0 || age < -skew() || age > config.maxAge().toSeconds() + skew()) {
                throw new LoginFailure(Refused.STRENGTH, "auth_time is missing or longer ago than max-age");
            }
        }
        return claims;
    }

    /// The claims of an ID token that came with refreshed tokens: of the same login as `before`.
    public Claims refreshed(Opened token, Claims before, String accessToken) throws LoginFailure {
        CompactToken.Jws signed = signed(token, "JWT", false);
        Claims claims = common(signed);
        checkAccessTokenHash(signed, claims, accessToken);
        for (String name : List.of("sub", "nonce", "auth_time")) {
            Object now = claims.all().get(name);
            if (now != null && !now.equals(before.all().get(name))) {
                throw bad(name);
            }
        }
        return claims;
    }

    /// The claims of a logout token. That it was not used before is for the caller to see to.
    public Claims logout(String token) throws LoginFailure {
        CompactToken.Jws signed = signed(opened(token), "logout+jwt", true);
        Claims claims = claims(signed);
        checkIssuerAndAudience(claims);
        checkTimes(claims);
        boolean said =
                claims.all().get("events") instanceof Map<?, ?> events && events.get(LOGOUT_EVENT) instanceof Map<?, ?>;
        if (!said) {
            throw bad("events");
        }
        if (claims.all().containsKey("nonce")) {
            throw bad("nonce");
        }
        String jti = claims.text("jti");
        if (jti == null || jti.isEmpty() || jti.length() > LONGEST_SUBJECT) {
            throw bad("jti");
        }
        if (claims.text("sub") == null && claims.text("sid") == null) {
            throw bad("sub and sid");
        }
        return claims;
    }

    private Claims common(CompactToken.Jws signed) throws LoginFailure {
        Claims claims = claims(signed);
        checkIssuerAndAudience(claims);
        checkTimes(claims);
        String subject = claims.text("sub");
        if (subject == null || subject.isEmpty() || subject.length() > LONGEST_SUBJECT) {
            throw bad("sub");
        }
        return claims;
    }

    /// The token, whose signature is the provider's.
    private CompactToken.Jws signed(Opened token, String type, boolean typeNeeded) throws LoginFailure {
        if (!(CompactToken.read(token.text, JoseHeader.Rules.KNOWN_KEY) instanceof CompactToken.Jws signed)) {
            throw bad("form");
        }
        String stated = signed.header().type();
        if (stated == null ? typeNeeded : !isType(stated, type)) {
            throw bad("typ");
        }
        Algorithm algorithm = Algorithm.of(signed.header().algorithm());
        if (algorithm == null || algorithm.family() == Algorithm.Family.SECRET) {
            throw bad("alg");
        }
        VerificationKey key = keys.find(signed.header().keyId(), algorithm);
        if (key == null) {
            throw bad("kid");
        }
        if (!signed.verifies(key)) {
            throw bad("signature");
        }
        return signed;
    }

    private static boolean isType(String stated, String type) {
        String lower = stated.toLowerCase(Locale.ROOT);
        String name = type.toLowerCase(Locale.ROOT);
        return lower.equals(name) || lower.equals("application/" + name);
    }

    private static Claims claims(CompactToken.Jws signed) throws LoginFailure {
        Claims claims = signed.claims();
        if (claims == null) {
            throw bad("payload");
        }
        return claims;
    }

    private void checkIssuerAndAudience(Claims claims) throws LoginFailure {
        if (!config.issuer().equals(claims.all().get("iss"))) {
            throw bad("iss");
        }
        String client = config.client().id();
        Object audience = claims.all().get("aud");
        List<String> audiences = audience instanceof String one ? List.of(one) : claims.texts("aud");
        if (!audiences.contains(client)) {
            throw bad("aud");
        }
        Object party = claims.all().get("azp");
        if (party == null ? audiences.size() > 1 : !party.equals(client)) {
            throw bad("azp");
        }
    }

    private void checkTimes(Claims claims) throws LoginFailure {
        long now = now();
        long expires = NumericDate.of(claims, "exp");
        long issued = NumericDate.of(claims, "iat");
        long notBefore = NumericDate.of(claims, "nbf");
        if (expires < 0 || now >= expires + skew()) {
            throw bad("exp");
        }
        if (issued < 0 || issued > now + skew() || issued < now - FRESH_SECONDS - skew()) {
            throw bad("iat");
        }
        if (notBefore == NumericDate.INVALID || notBefore > now + skew()) {
            throw bad("nbf");
        }
    }

    /// The access token is the one that the ID token was issued with (OpenID Connect Core §3.1.3.6).
    private static void checkAccessTokenHash(CompactToken.Jws signed, Claims claims, String accessToken)
            throws LoginFailure {
        Object stated = claims.all().get("at_hash");
        if (stated == null) {
            return;
        }
        String algorithm = signed.header().algorithm();
        String hash = algorithm.endsWith("256") ? "SHA-256" : algorithm.endsWith("384") ? "SHA-384" : "SHA-512";
        try {
            byte[] whole = MessageDigest.getInstance(hash).digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            if (!Base64Url.encode(Arrays.copyOf(whole, whole.length / 2)).equals(stated)) {
                throw bad("at_hash");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private long now() {
        return clock.millis() / 1000;
    }

    private long skew() {
        return config.clockSkew().toSeconds();
    }

    private static LoginFailure bad(String what) {
        return new LoginFailure(Refused.TOKENS, "token of the provider: " + what + " is missing or not as it must be");
    }
}
