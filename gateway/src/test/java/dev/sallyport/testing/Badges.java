package dev.sallyport.testing;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.LocalEndpoint;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.LocalResponse;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.http.Method;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// An authenticator of kind `badge` for tests: it believes `Authorization: Badge ISSUER NAME ID [EXPIRY]`, and tells
/// what happens to it. An ID that begins with `wrong` is none, with `strong` one of a strong proof, with `jwt` a
/// token.
public final class Badges implements Authenticator, LongLived {
    private static final String SCHEME = "Badge ";
    private static final Refusal BAD = Refusal.of(401, "badge-bad", "Authentication failed", "Not a badge.")
            .with(Headers.of("www-authenticate", "Bearer error=\"invalid_token\""));
    private static final Refusal OTHER = Refusal.of(401, "badge-of-other", "Authentication failed", "Not ours.");

    private final String name;
    private final Config config;
    private final List<String> events;
    private final Map<String, Authentication> proven = new ConcurrentHashMap<>();

    private Badges(String name, Config config, List<String> events) {
        this.name = name;
        this.config = config;
        this.events = events;
    }

    /// The keys of kind `badge`.
    @Doc("Badges, for tests.")
    public record Config(
            @Doc("Whose badges count.") @Default("us") String issuer,
            @Doc("Anything.") @Nullable Path file,

            @Doc("Whether it goes by the public URL.") @Default("false")
            boolean publicUrl,

            @Doc("Whether it serves a page of its own.") @Default("false")
            boolean page,

            @Doc("Whether it never becomes ready.") @Default("false")
            boolean never) {}

    /// Makes them.
    public static final class Factory implements PluginFactory<Config, Authenticator> {
        private final List<String> events = new CopyOnWriteArrayList<>();

        /// What happened so far: `start NAME`, `close NAME`.
        public List<String> events() {
            return events;
        }

        @Override
        public String kind() {
            return "badge";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<Authenticator> pluginType() {
            return Authenticator.class;
        }

        @Override
        public Authenticator create(Config config, PluginContext context) {
            return new Badges(context.name(), config, events);
        }
    }

    @Override
    public CompletionStage<?> start() {
        events.add("start " + name);
        return config.never ? new CompletableFuture<>() : CompletableFuture.completedFuture(name);
    }

    @Override
    public void close() {
        events.add("close " + name);
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        String shown = exchange.request().headers().first("authorization");
        if (shown == null || !shown.startsWith(SCHEME)) {
            return Authentication.NO_CREDENTIAL;
        }
        String[] parts = shown.substring(SCHEME.length()).split(" ", -1);
        if (parts.length < 3 || parts[2].startsWith("wrong")) {
            return new Authentication.BadCredential(BAD);
        }
        if (!parts[0].equals(config.issuer)) {
            return new Authentication.Unclaimed(OTHER);
        }
        return proven.computeIfAbsent(shown, _ -> new Authentication.Proven(caller(parts)));
    }

    private Principal caller(String[] parts) {
        long expiresAt = parts.length > 3 ? Long.parseLong(parts[3]) : Credential.NEVER;
        String kind = parts[2].startsWith("jwt") ? "jwt" : "badge";
        return new Principal(
                parts[1],
                name,
                null,
                Set.of(),
                parts[2].startsWith("strong") ? Claims.of(Map.of("acr", "strong")) : Claims.NONE,
                new Credential(kind, parts[0], parts[2], "client-" + parts[1], "key-1", 1_000_000_000, expiresAt));
    }

    @Override
    public @Nullable String claimed(Exchange exchange) {
        String shown = exchange.request().headers().first("authorization");
        String[] parts = shown == null ? new String[0] : shown.split(" ", -1);
        return parts.length < 3 || !parts[1].equals(config.issuer) ? null : name + "/" + parts[2];
    }

    @Override
    public List<String> challenges() {
        return List.of("Bearer realm=\"" + name + "\"", "Badge");
    }

    @Override
    public Set<String> credentialFields() {
        return Set.of("authorization", "x-badge");
    }

    @Override
    public List<String> authorizationServers() {
        return List.of("https://" + config.issuer + ".test");
    }

    @Override
    public boolean needsPublicUrl() {
        return config.publicUrl;
    }

    @Override
    public List<LocalEndpoint> endpoints() {
        return config.page ? List.of(new LocalEndpoint("page", Set.of(Method.GET), "/badge", new Page())) : List.of();
    }

    /// A page that says whose it is.
    private final class Page implements Policy {
        @Override
        public Phase phase() {
            return Phase.ANSWER;
        }

        @Override
        public Decision decide(Exchange exchange) {
            byte[] body = ("page of " + name).getBytes(StandardCharsets.UTF_8);
            return new Decision.Answer(new LocalResponse(200, Headers.of("content-type", "text/plain"), body));
        }
    }
}
