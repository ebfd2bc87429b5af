package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.jose.Audience;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.NumericDate;
import dev.sallyport.extension.authn.jose.TokenFault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a token has to say to be taken, beside being signed (RFC 7519 §4.1, RFC 8725, RFC 9068 §4). Immutable.
final class TokenRules {
    private static final String ACCESS_TOKEN = "at+jwt";
    private static final int LONGEST_ID = 256;

    private final @Nullable String issuer;
    private final List<String> audience;
    private final @Nullable String type;
    private final boolean accessToken;
    private final long maxLifetime;
    private final long skew;
    private final boolean singleUse;
    private final boolean encryptedOnly;

    TokenRules(JwtConfig config) {
        issuer = config.issuer();
        audience = config.audience();
        type = config.tokenType();
        accessToken = ACCESS_TOKEN.equalsIgnoreCase(type);
        Duration lifetime = config.maxLifetime();
        maxLifetime = lifetime == null ? Long.MAX_VALUE : lifetime.toSeconds();
        skew = config.clockSkew().toSeconds();
        singleUse = config.replay().singleUse();
        JwtConfig.Decrypt decrypt = config.decrypt();
        encryptedOnly = decrypt != null && decrypt.required();
    }

    @Nullable
    String issuer() {
        return issuer;
    }

    /// Whether each token is taken once.
    boolean singleUse() {
        return singleUse;
    }

    /// Whether tokens that are not encrypted are refused.
    boolean encryptedOnly() {
        return encryptedOnly;
    }

    /// Whether the token says that it is of this issuer; what it says is exactly that, or it is not (threat JW-11).
    boolean isOfIssuer(Claims claims) {
        return issuer == null || issuer.equals(claims.text("iss"));
    }

    /// Whether a token that was issued at `issued`, 0 for never said, may have been taken before `since`: then one
    /// dated
    /// [JwtConfig#clockSkew()] ahead was good too.
    boolean mayHaveBeenTakenBefore(Instant since, long issued) {
        return issued <= since.getEpochSecond() + skew;
    }

    /// When a token that expires at `exp` is no longer taken.
    long endOf(Claims claims) {
        return NumericDate.of(claims, "exp") + skew;
    }

    /// What is wrong with a token of this issuer at `now`, in seconds; null for nothing.
    @Nullable
    TokenFault check(JoseHeader header, Claims claims, long now) {
        if (!isOfType(header)) {
            return TokenFault.TYPE;
        }
        TokenFault time = checkTimes(claims, now);
        if (time != null) {
            return time;
        }
        if (!Audience.isAmong(claims.all().get("aud"), audience)) {
            return TokenFault.AUDIENCE;
        }
        return hasRequired(claims) ? null : TokenFault.CLAIMS;
    }

    /// Tokens for something else, such as proofs, logout or introspection, say so in `typ` (RFC 8725 §3.11).
    private boolean isOfType(JoseHeader header) {
        if (type != null) {
            return header.isType(type);
        }
        return header.type() == null || header.isType("JWT") || header.isType(ACCESS_TOKEN);
    }

    private @Nullable TokenFault checkTimes(Claims claims, long now) {
        long expires = NumericDate.of(claims, "exp");
        long notBefore = NumericDate.of(claims, "nbf");
        long issued = NumericDate.of(claims, "iat");
        if (expires < 0 || notBefore == NumericDate.INVALID || issued == NumericDate.INVALID) {
            return TokenFault.CLAIMS;
        }
        if (now >= expires + skew) {
            return TokenFault.EXPIRED;
        }
        if (notBefore > now + skew || issued > now + skew) {
            return TokenFault.NOT_YET_VALID;
        }
        if (maxLifetime != Long.MAX_VALUE) {
            if (issued == NumericDate.ABSENT) {
                return TokenFault.CLAIMS;
            }
            return expires - issued > maxLifetime ? TokenFault.LIFETIME : null;
        }
        return null;
    }

    private boolean hasRequired(Claims claims) {
        if (singleUse && !isId(claims.text("jti"))) {
            return false;
        }
        return !accessToken
                || (isId(claims.text("jti"))
                        && isSaid(claims.text("sub"))
                        && isSaid(claims.text("client_id"))
                        && isSaid(claims.text("iss"))
                        && NumericDate.of(claims, "iat") >= 0);
    }

    private static boolean isSaid(@Nullable String text) {
        return text != null && !text.isEmpty();
    }

    private static boolean isId(@Nullable String text) {
        return text != null && !text.isEmpty() && text.length() <= LONGEST_ID;
    }
}
