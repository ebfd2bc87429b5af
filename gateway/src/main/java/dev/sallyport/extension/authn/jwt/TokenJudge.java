package dev.sallyport.extension.authn.jwt;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import dev.sallyport.extension.authn.jose.KeySet;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.jose.decrypt.Decryption;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.extension.authn.sender.TokenRefusals;
import dev.sallyport.remote.Fingerprint;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Judges a token that was not seen before: form, issuer and claims on the event loop, which costs microseconds and
/// spares the rest for tokens that could be good; decryption and signature on the [VerificationPool].
final class TokenJudge {
    /// Nobody can say now whether a token is good.
    private static final Authentication KEYS_UNAVAILABLE = new Authentication.BadCredential(Refusal.of(
                    503, "keys-unavailable", "Tokens cannot be verified", "The keys of the issuer are not known now.")
            .with(Headers.of("retry-after", "5")));

    private final JwtParts parts;
    private final TokenRefusals refusals;
    private final VerifiedTokens remembered;
    private final Outcomes outcomes;
    private final @Nullable SingleUse singleUse;

    /// A token on its way through.
    private record Candidate(Exchange exchange, ShownToken shown, Fingerprint hash) {}

    /// What a token says, as long as nobody knows whether it is true.
    private record Statement(CompactToken.Jws token, Claims claims, Algorithm algorithm, Confirmation confirmation) {}

    TokenJudge(JwtParts parts, VerifiedTokens remembered, Outcomes outcomes) {
        this.parts = parts;
        this.refusals = parts.senders().refusals();
        this.remembered = remembered;
        this.outcomes = outcomes;
        this.singleUse = parts.rules().singleUse()
                ? new SingleUse(parts.rules(), refusals, parts.shared().services())
                : null;
    }

    /// What becomes of the token shown; on the event loop of `exchange`.
    Authentication judge(Exchange exchange, ShownToken shown, Fingerprint hash) {
        Candidate candidate = new Candidate(exchange, shown, hash);
        return switch (CompactToken.read(shown.copy(), JoseHeader.Rules.KNOWN_KEY)) {
            case CompactToken.Malformed(TokenFault fault) ->
                fault == TokenFault.OPAQUE ? refusals.unclaimed(shown.scheme(), fault) : bad(candidate, fault);
            case CompactToken.Jwe encrypted -> encrypted(candidate, encrypted);
            case CompactToken.Jws signed ->
                signed(candidate, signed, parts.rules().encryptedOnly());
        };
    }

    private Authentication bad(Candidate candidate, TokenFault fault) {
        return refusals.bad(candidate.shown().scheme(), fault);
    }

    private Authentication encrypted(Candidate candidate, CompactToken.Jwe token) {
        Decryption decryption = parts.keys().decryption();
        if (decryption == null || !decryption.concerns(token)) {
            return refusals.unclaimed(candidate.shown().scheme(), TokenFault.ENCRYPTION);
        }
        return offLoop(candidate, () -> {
            CompactToken.Jws inside = decryption.open(token);
            return inside == null ? _ -> bad(candidate, TokenFault.ENCRYPTION) : _ -> signed(candidate, inside, false);
        });
    }

    private Authentication signed(Candidate candidate, CompactToken.Jws token, boolean mustBeEncrypted) {
        Map<String, @Nullable Object> members = token.members();
        if (members == null) {
            return bad(candidate, TokenFault.MALFORMED);
        }
        Claims claims = Claims.of(members);
        if (!parts.rules().isOfIssuer(claims)) {
            return claims.text("iss") == null
                    ? bad(candidate, TokenFault.ISSUER)
                    : refusals.unclaimed(candidate.shown().scheme(), TokenFault.ISSUER);
        }
        if (mustBeEncrypted) {
            return bad(candidate, TokenFault.ENCRYPTION);
        }
        TokenFault fault = parts.rules().check(token.header(), claims, now());
        if (fault != null) {
            return bad(candidate, fault);
        }
        Algorithm algorithm = Algorithm.of(token.header().algorithm());
        if (algorithm == null || !parts.keys().algorithms().contains(algorithm)) {
            return bad(candidate, TokenFault.ALGORITHM);
        }
        Confirmation confirmation = parts.senders().confirmation(members);
        if (confirmation == null) {
            return bad(candidate, TokenFault.BINDING);
        }
        return withKey(candidate, new Statement(token, claims, algorithm, confirmation), true);
    }

    private long now() {
        return parts.shared().services().clock().millis() / 1000;
    }

    /// @param mayAsk whether the keys may be fetched anew for this token
    private Authentication withKey(Candidate candidate, Statement statement, boolean mayAsk) {
        KeySet keys = parts.keys().source().current();
        String id = statement.token().header().keyId();
        VerificationKey key = keys == null ? null : keys.find(id, statement.algorithm());
        if (key != null) {
            return verify(candidate, statement, key);
        }
        boolean missing = keys == null || (id != null && !keys.knows(id));
        CompletionStage<?> asked = missing && mayAsk ? parts.keys().source().refetch() : null;
        if (asked != null) {
            return new Authentication.Await(
                    asked.thenApplyAsync(_ -> withKey(candidate, statement, false), candidate.exchange()::execute));
        }
        return keys == null ? KEYS_UNAVAILABLE : bad(candidate, TokenFault.KEY);
    }

    private Authentication verify(Candidate candidate, Statement statement, VerificationKey key) {
        if (key.isSecret()) {
            return onVerified(candidate, statement, key, statement.token().verifies(key));
        }
        return offLoop(candidate, () -> {
            boolean good = statement.token().verifies(key);
            return _ -> onVerified(candidate, statement, key, good);
        });
    }

    /// What is found off the loop, and what follows from it on the loop.
    private interface Then {
        Authentication on(Exchange exchange);
    }

    private Authentication offLoop(Candidate candidate, Supplier<Then> work) {
        Exchange exchange = candidate.exchange();
        return switch (parts.shared().pool().submit(exchange.clientAddress(), work)) {
            case VerificationPool.Taken.Wont<Then> wont -> {
                outcomes.busy();
                yield new Authentication.BadCredential(wont.refusal());
            }
            case VerificationPool.Taken.Will<Then> will ->
                new Authentication.Await(
                        will.result().thenApplyAsync(then -> outcomes.counted(then.on(exchange)), exchange::execute));
        };
    }

    private Authentication onVerified(Candidate candidate, Statement statement, VerificationKey key, boolean good) {
        if (!good) {
            return bad(candidate, TokenFault.SIGNATURE);
        }
        Claims claims = statement.claims();
        long end = parts.rules().endOf(claims);
        Principal principal = parts.callers().of(claims, key, end);
        if (principal == null) {
            return bad(candidate, TokenFault.CLAIMS);
        }
        VerifiedToken verified = new VerifiedToken(
                candidate.hash(), end, key, statement.confirmation(), new Authentication.Proven(principal), singleUse);
        outcomes.verified();
        if (singleUse == null) {
            remembered.remember(new RememberedToken(verified, statement.token().payload()), now());
        }
        return parts.senders().prove(candidate.exchange(), candidate.shown(), verified);
    }
}
