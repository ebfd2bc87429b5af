package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDHEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.http.Method;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logins at a provider that encrypts its tokens to the gateway.
class EncryptedLoginTest {
    private static final ECKey KEY = key("enc-1");

    @TempDir
    private Path folder = Path.of("");

    private Path keys = Path.of("");
    private Site site = none();

    @SuppressWarnings("NullAway") // opened before each test
    private static Site none() {
        return null;
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        keys = Files.writeString(folder.resolve("decrypt.json"), new JWKSet(KEY).toString(false));
        site = Site.open(folder);
        reopen(new OidcConfig.Decrypt(keys, false));
        site.provider.wrapping = token -> encrypted(KEY, "JWT", token);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void reopen(OidcConfig.@Nullable Decrypt decrypt) {
        site = Site.at(Site.URL, site.services, site.provider, settings -> settings.decrypt = decrypt);
    }

    private static String encrypted(ECKey key, String content, String inside) {
        try {
            JWEObject object = new JWEObject(
                    new JWEHeader.Builder(JWEAlgorithm.ECDH_ES_A128KW, EncryptionMethod.A128GCM)
                            .keyID("enc-1")
                            .contentType(content)
                            .build(),
                    new Payload(inside));
            object.encrypt(new ECDHEncrypter(key.toPublicJWK()));
            return object.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void isRefused() {
        Site.Reply reply = site.browser().login("/");
        assertThat(reply.status()).as(reply.code()).isEqualTo(403);
        assertThat(reply.code()).isEqualTo("login-tokens");
    }

    @Test
    void takesATokenThatIsEncryptedToTheGateway() {
        Site.Browser browser = site.loggedIn();
        assertThat(browser.open("/").caller().id()).isEqualTo(FakeProvider.SUBJECT);
        assertThat(browser.open("/").caller().roles()).containsExactly("clerk");
    }

    @Test
    void renewsASessionWithAnEncryptedToken() {
        Site.Browser browser = site.loggedIn();
        site.provider.idToken = claims -> claims.claim("roles", java.util.List.of("admin"));
        site.later(Duration.ofMinutes(10));
        assertThat(browser.fetch(Method.GET, "/").caller().roles()).containsExactly("admin");
    }

    @Test
    void logsOutWithTheSignedTokenAsHint() {
        Site.Browser browser = site.loggedIn();
        String hint = String.valueOf(browser.post(Paths.of(Site.NAME).logout(), "origin", "https://app.test")
                .asked()
                .get("id_token_hint"));
        assertThat(hint.split("\\.", -1))
                .as("a signed token, out of its encryption")
                .hasSize(3);
    }

    @Test
    void OA_11_takesAnEncryptedLogoutToken() {
        Site.Browser browser = site.loggedIn();
        assertThat(site.backChannel(site.provider.logoutToken(UnaryOperator.identity()))
                        .status())
                .isEqualTo(200);
        assertThat(browser.fetch(Method.GET, "/").status()).isEqualTo(401);
    }

    @Test
    void JW_13_refusesAnUnsignedTokenInsideAnEncryptedOne() {
        site.provider.wrapping = token -> {
            try {
                JWTClaimsSet claims = com.nimbusds.jwt.SignedJWT.parse(token).getJWTClaimsSet();
                return encrypted(KEY, "JWT", new PlainJWT(claims).serialize());
            } catch (ParseException e) {
                throw new IllegalStateException(e);
            }
        };
        isRefused();
    }

    @Test
    void JW_13_refusesBareClaimsInsideAnEncryptedToken() {
        site.provider.wrapping = token -> encrypted(
                KEY,
                "JWT",
                new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), StandardCharsets.UTF_8));
        isRefused();
    }

    @Test
    void JW_13_refusesATokenInsideThatIsSignedByAnotherKey() {
        site.loggedIn();
        site.provider.key = FakeProvider.key("key-1");
        isRefused();
    }

    @Test
    void JW_13_refusesAnEncryptedTokenInsideAnEncryptedOne() {
        site.provider.wrapping = token -> encrypted(KEY, "JWT", encrypted(KEY, "JWT", token));
        isRefused();
    }

    @Test
    void JW_14_refusesATokenThatIsEncryptedToAnotherKey() {
        site.provider.wrapping = token -> encrypted(key("enc-1"), "JWT", token);
        isRefused();
    }

    @Test
    void refusesATokenInsideThatIsSaidToBeSomethingElse() {
        site.provider.wrapping = token -> encrypted(KEY, "text", token);
        isRefused();
    }

    @Test
    void refusesEncryptedTokensWhereNoneAreTaken() {
        reopen(null);
        isRefused();
    }

    @Test
    void takesTokensThatAreNotEncryptedUnlessToldNotTo() {
        site.provider.wrapping = UnaryOperator.identity();
        site.loggedIn();
        reopen(new OidcConfig.Decrypt(keys, true));
        isRefused();
        site.provider.wrapping = token -> encrypted(KEY, "JWT", token);
        site.loggedIn();
    }

    @Test
    void tellsOperatorsOfTheKey() {
        assertThat(((KeyInventory) site.authenticator).knownKeys()).anySatisfy(key -> {
            assertThat(key.use()).isEqualTo(KnownKey.Use.DECRYPT);
            assertThat(key.id()).isEqualTo("enc-1");
            assertThat(key.origin()).isEqualTo(keys.toString());
        });
    }
}
