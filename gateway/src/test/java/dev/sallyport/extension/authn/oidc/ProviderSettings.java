package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.plugin.Secret;
import dev.sallyport.extension.authn.oidc.provider.OidcConfig;
import dev.sallyport.extension.authn.principal.PrincipalConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration of a [Site], with what a test wants otherwise.
final class ProviderSettings {
    String client = FakeProvider.CLIENT;
    OidcConfig.SecretPlace secretPlace = OidcConfig.SecretPlace.BASIC;
    Duration idle = Duration.ofMinutes(30);
    PrincipalConfig principal = new PrincipalConfig("sub", "roles", Map.of(), null);
    boolean userinfo;
    List<String> acrValues = List.of();

    @Nullable
    Duration maxAge;

    OidcConfig.@Nullable Decrypt decrypt;

    OidcConfig config(String issuer) {
        return new OidcConfig(
                issuer,
                new OidcConfig.Client(client, new Secret(FakeProvider.SECRET), null, null, null, secretPlace),
                List.of("openid", "profile"),
                new OidcConfig.SessionConfig(idle, Duration.ofHours(8)),
                principal,
                userinfo,
                acrValues,
                maxAge,
                "/bye",
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                null,
                decrypt);
    }
}
