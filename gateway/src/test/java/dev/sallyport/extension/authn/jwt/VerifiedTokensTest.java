package dev.sallyport.extension.authn.jwt;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.VerificationKey;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import dev.sallyport.extension.authn.principal.PrincipalMapping;
import dev.sallyport.extension.authn.sender.Confirmation;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.remote.Fingerprint;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {
    private static final VerificationKey KEY =
            VerificationKey.ofSecret(null, new byte[32], EnumSet.of(Algorithm.HS256));
    private static final Confirmation PLAIN = plain();

    private final VerifiedTokens tokens = new VerifiedTokens(16);

    private static Confirmation plain() {
        return requireNonNull(new Senders(List.of()).confirmation(Map.of()));
    }

    private static Fingerprint hash(long a, long d) {
        return new Fingerprint(a, 0, 0, d);
    }

    private static RememberedToken token(long a, long d, long expiresAt) {
        Principal anna = new Principal("anna", "staff", Set.of());
        return new RememberedToken(
                new VerifiedToken(hash(a, d), expiresAt, KEY, PLAIN, new Authentication.Proven(anna), null),
                "{\"sub\":\"anna\",\"iss\":\"https://i.test\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void JW_21_findsByTheWholeHash() {
        tokens.remember(token(4, 1, 100), 0);
        assertThat(tokens.find(hash(4, 1))).isNotNull();
        assertThat(tokens.find(hash(4, 2))).isNull();
        assertThat(tokens.find(hash(6, 1))).isNull();
        assertThat(tokens.find(new Fingerprint(4, 1, 0, 1))).isNull();
        assertThat(tokens.find(new Fingerprint(4, 0, 1, 1))).isNull();
    }

    @Test
    void JW_21_isBounded() {
        for (int i = 0; i < 1000; i++) {
            tokens.remember(token(i, i, 100), 0);
        }
        assertThat(tokens.count()).isEqualTo(16);
    }

    @Test
    void JW_21_aNewTokenIsRememberedThoughEveryPlaceIsTaken() {
        for (int i = 0; i < 9; i++) {
            tokens.remember(token(0, i, 100), 0);
            assertThat(tokens.find(hash(0, i))).isNotNull();
        }
        assertThat(tokens.count()).isEqualTo(8);
    }

    @Test
    void givesThePlacesOfExpiredTokensFirst() {
        for (int i = 0; i < 8; i++) {
            tokens.remember(token(0, i, i == 5 ? 10 : 100), 0);
        }
        tokens.remember(token(0, 9, 100), 10);
        assertThat(tokens.find(hash(0, 5))).isNull();
        for (int i : new int[] {0, 1, 2, 3, 4, 6, 7, 9}) {
            assertThat(tokens.find(hash(0, i))).isNotNull();
        }
    }

    @Test
    void theCallerOfARememberedTokenIsMadeOnce() {
        tokens.remember(token(0, 1, 100), 0);
        RememberedToken found = requireNonNull(tokens.find(hash(0, 1)));
        Callers callers = new Callers(new PrincipalMapping(new PrincipalConfig("sub", null, Map.of(), null), "staff"));
        VerifiedToken whole = requireNonNull(found.whole(callers));
        assertThat(whole.principal().id()).isEqualTo("anna");
        assertThat(whole.principal().credential().issuer()).isEqualTo("https://i.test");
        assertThat(whole.principal().credential().expiresAt()).isEqualTo(100);
        assertThat(found.whole(callers)).isSameAs(whole);
        assertThat(found.good(99)).isTrue();
        assertThat(found.good(100)).isFalse();
    }

    @Test
    void remembersATokenOnce() {
        tokens.remember(token(0, 1, 100), 0);
        tokens.remember(token(0, 1, 200), 0);
        assertThat(tokens.count()).isEqualTo(1);
    }
}
