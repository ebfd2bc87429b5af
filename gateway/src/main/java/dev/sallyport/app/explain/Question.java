package dev.sallyport.app.explain;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.controlplane.admin.Json;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What somebody wants explained: a request, and who would send it.
@Doc("A request to be explained, and who would send it.")
public record Question(
        @Doc("The method.") String method,
        @Doc("The URL, or only its path.") String url,

        @Doc("Header fields, each as `Name: value`.") @Default("[]")
        List<String> headers,

        @Doc("The client's address; default 127.0.0.1.") @Nullable
        String client,

        @Doc("The listener it comes to; default the one that fits the URL.") @Nullable
        String listener,

        @Doc("The id of a caller who is assumed to be proven.") @Nullable
        String caller,

        @Doc("The authenticator that is assumed to prove the caller, or that the token is for.") @Nullable
        String authenticator,

        @Doc("The assumed caller's roles.") @Default("[]") List<String> roles,

        @Doc("The assumed caller's tenant.") @Nullable String tenant,

        @Doc("The assumed caller's scopes, with spaces between.") @Nullable
        String scope,

        @Doc("The assumed caller's claims, each as `NAME=VALUE`; dots in NAME nest, VALUE may be JSON.") @Default("[]")
        List<String> claims,

        @Doc("Whether the caller is assumed to show no credential.") @Default("false")
        boolean anonymous,

        @Doc("A credential that the authenticators are to judge.") @Nullable
        String token) {
    /// Whether it says who the caller is, instead of leaving that to the authenticators.
    public boolean assumesCaller() {
        return caller != null
                || tenant != null
                || scope != null
                || !roles.isEmpty()
                || !claims.isEmpty()
                || (authenticator != null && token == null);
    }

    /// As `POST /explain` takes it.
    public Json toJson() {
        Json json = new Json()
                .put("method", method)
                .put("url", url)
                .put("headers", headers)
                .put("roles", roles)
                .put("claims", claims)
                .put("anonymous", anonymous);
        put(json, "client", client);
        put(json, "listener", listener);
        put(json, "caller", caller);
        put(json, "authenticator", authenticator);
        put(json, "tenant", tenant);
        put(json, "scope", scope);
        put(json, "token", token);
        return json;
    }

    private static void put(Json json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /// @throws QuestionException what it says of the caller contradicts itself
    void check() throws QuestionException {
        if (Stream.of(assumesCaller(), anonymous, token != null)
                        .filter(one -> one)
                        .count()
                > 1) {
            throw new QuestionException(
                    "who calls is said in more than one way (expected: an assumed caller, a token or anonymous)");
        }
    }

    /// Without the token, which belongs in no log.
    @Override
    public String toString() {
        return method + " " + url;
    }
}
