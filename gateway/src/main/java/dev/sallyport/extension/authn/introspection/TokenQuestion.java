package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.fetch.Fetcher;
import dev.sallyport.extension.authn.jose.StrictJson;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks a server about tokens and reads its answers (RFC 7662 §2). Blocks.
@OffLoop("virtual threads of the questions")
final class TokenQuestion {
    private static final String JSON = "application/json";

    private final ServerEndpoint server;
    private final AnswerReader reader;
    private final InstantSource clock;

    TokenQuestion(ServerEndpoint server, AnswerReader reader, InstantSource clock) {
        this.server = server;
        this.reader = reader;
        this.clock = clock;
    }

    /// What the server says of `token`.
    ///
    /// @throws IOException it said nothing that can be used: a status other than 200, which with 401 means that it
    ///     does not take the gateway's own credentials (§2.3), another type, no JSON
    Finding ask(String token) throws IOException {
        Fetcher.Answer answer = server.post(Map.of("token", token, "token_type_hint", "access_token"), JSON);
        if (answer.status() == 401 || answer.status() == 403) {
            throw new IOException("status " + answer.status() + ": the gateway's own credentials are refused");
        }
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " (expected: 200)");
        }
        if (!isJson(answer.contentType())) {
            throw new IOException("an answer of another type (expected: " + JSON + ")");
        }
        Map<String, @Nullable Object> members = StrictJson.object(answer.body());
        if (members == null) {
            throw new IOException("an answer that is no JSON object");
        }
        return reader.read(members, clock.instant().getEpochSecond());
    }

    private static boolean isJson(String contentType) {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT).equals(JSON);
    }
}
