package dev.sallyport.extension.authn.exchange;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks a server for the exchange of tokens and reads its answers strictly (RFC 8693 §2). Blocks.
@OffLoop("virtual threads of the questions")
final class ExchangeQuestion {
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
    private static final Set<String> ABOUT_THE_TOKEN =
            Set.of("invalid_request", "invalid_grant", "invalid_target", "invalid_scope", "access_denied");
    private static final int LARGEST = 16 * 1024;
    private static final long LONGEST_LIFE = 366L * 24 * 3600;

    private final ServerEndpoint server;
    private final Map<String, String> wanted = new LinkedHashMap<>();

    ExchangeQuestion(ServerEndpoint server, ExchangeConfig config) {
        this.server = server;
        wanted.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        wanted.put("subject_token_type", ACCESS_TOKEN);
        wanted.put("requested_token_type", ACCESS_TOKEN);
        want("audience", config.audience());
        want("resource", config.resource());
        want("scope", config.scope());
    }

    /// The keys that the gateway proves itself with.
    List<KnownKey> knownKeys() {
        return server.knownKeys();
    }

    private void want(String name, @Nullable String value) {
        if (value != null) {
            wanted.put(name, value);
        }
    }

    /// What the server makes of `token`.
    ///
    /// @throws IOException it said nothing that can be used, or gave back the caller's own token
    Exchanged ask(String token) throws IOException {
        Map<String, String> form = new LinkedHashMap<>(wanted);
        form.put("subject_token", token);
        Fetcher.Answer answer = server.post(form, "application/json");
        if (answer.status() == 400) {
            return denied(answer);
        }
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " (expected: 200)");
        }
        Map<String, @Nullable Object> members = StrictJson.object(answer.body());
        if (members == null) {
            throw new IOException("an answer that is no JSON object");
        }
        Object type = members.get("issued_token_type");
        if (!ACCESS_TOKEN.equals(type) && !JWT.equals(type)) {
            throw new IOException("a token of another type than was asked for (issued_token_type)");
        }
        if (!(members.get("token_type") instanceof String scheme) || !scheme.equalsIgnoreCase("Bearer")) {
            throw new IOException("a token that is no bearer token (token_type)");
        }
        if (!(members.get("access_token") instanceof String issued) || !isToken(issued) || issued.length() > LARGEST) {
            throw new IOException("no well-formed access_token");
        }
        if (issued.equals(token)) {
            throw new IOException("the caller's own token instead of another");
        }
        return new Exchanged.Issued("Bearer " + issued, life(members));
    }

    private static boolean isToken(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        return new ShownToken(ShownToken.Scheme.BEARER, octets, 0, octets.length).wellFormed();
    }

    private static long life(Map<String, @Nullable Object> members) throws IOException {
        if (!members.containsKey("expires_in")) {
            return Exchanged.UNKNOWN;
        }
        if (members.get("expires_in") instanceof Long seconds && seconds >= 0 && seconds <= LONGEST_LIFE) {
            return seconds;
        }
        throw new IOException("an expires_in that is no number of seconds");
    }

    /// 400 is about the token only when it says so: `invalid_client` and the like are the gateway's own fault.
    private static Exchanged denied(Fetcher.Answer answer) throws IOException {
        Map<String, @Nullable Object> members = StrictJson.object(answer.body());
        if (members != null && members.get("error") instanceof String error && ABOUT_THE_TOKEN.contains(error)) {
            return new Exchanged.Denied();
        }
        throw new IOException("status 400 without an error about the token");
    }
}
