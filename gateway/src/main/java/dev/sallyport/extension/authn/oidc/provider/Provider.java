package dev.sallyport.extension.authn.oidc.provider;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.server.ClientProof;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Talks to the provider: its metadata, its token endpoint, its userinfo.
@OffLoop("virtual threads")
public final class Provider {
    private static final Duration METADATA_GOOD_FOR = Duration.ofHours(1);
    private static final Duration METADATA_AGAIN_AFTER = Duration.ofSeconds(5);

    private final OidcConfig config;
    private final Fetcher fetcher;
    private final ClientProof client;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Metadata metadata;
    private volatile Instant askAgain = Instant.MIN;

    /// @param client proves the gateway at the token endpoint
    public Provider(OidcConfig config, Fetcher fetcher, ClientProof client, InstantSource clock) {
        this.config = config;
        this.client = client;
        this.fetcher = fetcher;
        this.clock = clock;
    }

    /// What the token endpoint said.
    public sealed interface Grant {
        record Granted(TokenResponse tokens) implements Grant {}

        /// What was shown is not good.
        record Denied(String error) implements Grant {}

        /// It cannot be said whether it is.
        record Unknown(String problem) implements Grant {}
    }

    /// What the provider says of itself; asked again every hour, and the last good answer kept while it does not
    /// answer.
    ///
    /// @throws LoginFailure it was never to be had
    public Metadata metadata() throws LoginFailure {
        Metadata known = metadata;
        if (clock.instant().isBefore(askAgain)) {
            return present(known, "asked a moment ago");
        }
        asking.lock();
        try {
            if (clock.instant().isBefore(askAgain)) {
                return present(metadata, "asked a moment ago");
            }
            askAgain = clock.instant().plus(METADATA_AGAIN_AFTER);
            Metadata asked = ask();
            metadata = asked;
            askAgain = clock.instant().plus(METADATA_GOOD_FOR);
            return asked;
        } catch (IOException | Metadata.InvalidException e) {
            return present(metadata, String.valueOf(e.getMessage()));
        } finally {
            asking.unlock();
        }
    }

    private static Metadata present(@Nullable Metadata known, String problem) throws LoginFailure {
        if (known == null) {
            throw new LoginFailure(Refused.UNAVAILABLE, "no metadata of the provider: " + problem);
        }
        return known;
    }

    private Metadata ask() throws IOException, Metadata.InvalidException {
        URI location = Metadata.location(config.issuer());
        Fetcher.Answer answer = fetcher.get(location, Map.of("Accept", "application/json"));
        if (answer.status() != 200) {
            throw new IOException(location + ": status " + answer.status());
        }
        return Metadata.read(answer.body(), config.issuer(), showsCertificate());
    }

    private boolean showsCertificate() {
        return config.tls() != null && config.tls().clientCertificate() != null;
    }

    /// The keys that the gateway proves itself with.
    public List<KnownKey> knownKeys() {
        return client.knownKeys();
    }

    /// Changes an authorization code into tokens.
    public Grant code(String code, String redirectUri, String verifier) throws LoginFailure {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", redirectUri);
        form.put("code_verifier", verifier);
        return ask(form);
    }

    /// Renews tokens.
    public Grant refresh(String refreshToken) throws LoginFailure {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        return ask(form);
    }

    private Grant ask(Map<String, String> form) throws LoginFailure {
        URI endpoint = metadata().token();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Accept", "application/json");
        client.prove(form, fields);
        try {
            return grant(fetcher.post(endpoint, form, fields));
        } catch (IOException e) {
            return new Grant.Unknown(String.valueOf(e.getMessage()));
        }
    }

    private static Grant grant(Fetcher.Answer answer) {
        boolean json = isJson(answer);
        if (answer.status() == 200) {
            TokenResponse tokens = json ? TokenResponse.read(answer.body()) : null;
            return tokens == null ? new Grant.Denied("no usable tokens") : new Grant.Granted(tokens);
        }
        Map<String, @Nullable Object> members = json ? StrictJson.object(answer.body()) : null;
        String error = members == null ? null : Claims.of(members).text("error");
        // what is said of the gateway itself, or of nothing, says nothing of what it showed
        boolean denied = answer.status() == 400 && error != null && !error.endsWith("_client");
        return denied && error != null
                ? new Grant.Denied(printable(error))
                : new Grant.Unknown("status " + answer.status() + (error == null ? "" : ", " + printable(error)));
    }

    /// Whether its userinfo endpoint is to be asked.
    public boolean tellsMore() {
        return config.userinfo();
    }

    /// What the provider says of whom the access token is for, as JSON.
    ///
    /// @throws LoginFailure it cannot be had, or is of somebody else (threat OA-18)
    public String userinfo(String accessToken, String subject) throws LoginFailure {
        URI endpoint = metadata().userinfo();
        if (endpoint == null) {
            throw new LoginFailure(Refused.TOKENS, "the provider has no userinfo endpoint");
        }
        Fetcher.Answer answer;
        try {
            answer = fetcher.get(
                    endpoint, Map.of("Accept", "application/json", "Authorization", "Bearer " + accessToken));
        } catch (IOException e) {
            throw new LoginFailure(Refused.UNAVAILABLE, "no userinfo", e);
        }
        Map<String, @Nullable Object> members =
                answer.status() == 200 && isJson(answer) ? StrictJson.object(answer.body()) : null;
        if (members == null) {
            throw new LoginFailure(Refused.UNAVAILABLE, "no userinfo: status " + answer.status());
        }
        if (!subject.equals(members.get("sub"))) {
            throw new LoginFailure(Refused.TOKENS, "userinfo is of another subject");
        }
        return answer.text();
    }

    private static boolean isJson(Fetcher.Answer answer) {
        String type = answer.contentType().toLowerCase(Locale.ROOT);
        return type.equals("application/json") || type.startsWith("application/json;");
    }

    /// Errors of providers are printable ASCII (RFC 6749 §5.2); others are not repeated.
    public static String printable(String error) {
        boolean plain =
                error.length() <= 64 && error.chars().allMatch(c -> c >= ' ' && c < 0x7f && c != '"' && c != '\\');
        return plain ? error : "an unprintable error";
    }
}
