package dev.sallyport.extension.authn.jose.source;

import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.remote.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an issuer says of itself: OpenID Connect Discovery, else RFC 8414.
///
/// @param members of the document, whose `issuer` is exactly the one asked
@OffLoop("virtual threads of whoever asks")
public record IssuerMetadata(Map<String, @Nullable Object> members) {
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    /// Asks `issuer`.
    ///
    /// @throws IOException it does not answer, or as somebody else (RFC 8414 §3.3)
    public static IssuerMetadata of(String issuer, Fetcher fetcher) throws IOException {
        URI uri = URI.create(issuer);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/$", "");
        URI openid = uri.resolve(path + OPENID);
        Fetcher.Answer answer = fetcher.get(openid, Map.of("Accept", "application/json"));
        if (answer.status() != 200) {
            URI oauth = uri.resolve(OAUTH + path);
            answer = fetcher.get(oauth, Map.of("Accept", "application/json"));
            if (answer.status() != 200) {
                throw new IOException(openid + " and " + oauth + ": status " + answer.status() + " (expected: 200)");
            }
        }
        Map<String, @Nullable Object> members = StrictJson.object(answer.body());
        if (members == null) {
            throw new IOException(openid + ": no JSON object");
        }
        if (!issuer.equals(members.get("issuer"))) {
            throw new IOException(openid + ": issuer " + members.get("issuer") + " (expected: " + issuer + ")");
        }
        return new IssuerMetadata(members);
    }

    /// The URL called `name`.
    ///
    /// @throws IOException there is none that may be asked
    public URI url(String name) throws IOException {
        if (!(members.get(name) instanceof String text)) {
            throw new IOException(name + ": missing in the issuer's metadata");
        }
        try {
            URI uri = URI.create(text);
            String problem = Fetcher.problem(uri);
            if (problem == null) {
                return uri;
            }
            throw new IOException(name + ": " + problem);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + ": " + text + " (expected: a URL)", e);
        }
    }
}
