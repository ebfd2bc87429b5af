package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.server.ServerEndpoint;
import dev.sallyport.remote.Fetcher;
import dev.sallyport.telemetry.MetricSink;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Asks a server about tokens and reads its answers (RFC 7662 §2). Blocks.
@OffLoop("virtual threads of the questions")
final class TokenQuestion {
    private static final String JSON = "application/json";

    private final ServerEndpoint server;
    private final AnswerReader reader;
    private final InstantSource clock;
    private final @Nullable SignedAnswer signed;
    private final String type;

    /// @param signed reads answers that are signed; null for plain ones
    TokenQuestion(ServerEndpoint server, AnswerReader reader, InstantSource clock, @Nullable SignedAnswer signed) {
        this.server = server;
        this.reader = reader;
        this.clock = clock;
        this.signed = signed;
        this.type = signed == null ? JSON : "application/" + SignedAnswer.TYPE;
    }

    /// What the server says of `token`.
    ///
    /// @throws IOException it said nothing that can be used: a status other than 200, which with 401 means that it
    ///     does not take the gateway's own credentials (§2.3), another type, no JSON
    Finding ask(String token) throws IOException {
        Fetcher.Answer answer = server.post(Map.of("token", token, "token_type_hint", "access_token"), type);
        if (answer.status() == 401 || answer.status() == 403) {
            throw new IOException("status " + answer.status() + ": the gateway's own credentials are refused");
        }
        if (answer.status() != 200) {
            throw new IOException("status " + answer.status() + " (expected: 200)");
        }
        if (!isOf(type, answer.contentType())) {
            throw new IOException("an answer of another type (expected: " + type + ")");
        }
        long now = clock.instant().getEpochSecond();
        Map<String, @Nullable Object> members =
                signed == null ? StrictJson.object(answer.body()) : signed.members(answer.body(), now);
        if (members == null) {
            throw new IOException("an answer that is no JSON object");
        }
        return reader.read(members, now);
    }

    private static boolean isOf(String wanted, String contentType) {
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return type.strip().toLowerCase(Locale.ROOT).equals(wanted);
    }

    /// Fetches what is needed to read answers.
    CompletionStage<?> start() {
        return signed == null ? CompletableFuture.completedStage(null) : signed.start();
    }

    List<KnownKey> knownKeys() {
        List<KnownKey> all = new ArrayList<>(server.knownKeys());
        if (signed != null) {
            all.addAll(signed.knownKeys());
        }
        return all;
    }

    /// @param owner the authenticator's name
    void collect(MetricSink sink, String owner) {
        if (signed != null) {
            signed.collect(sink, owner);
        }
    }

    void close() {
        server.close();
        if (signed != null) {
            signed.close();
        }
    }
}
