package dev.sallyport.extension.authn.basic;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.extension.authn.live.LiveStore;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// `basic`: a caller proves who it is by name and password.
///
/// A password that was not right a short time ago is checked on the verification pool, once for all requests that show
/// it at the same moment. Whatever is wrong, the caller sees the same after the same work (threat AK-07).
public final class Basic implements Authenticator, LongLived, MetricSource {
    static final String KIND = "basic";

    private static final Duration FILE_CHECK = Duration.ofSeconds(1);
    private static final Authentication UNAVAILABLE = new Authentication.BadCredential(Refusal.of(
            503, "users-unavailable", "Access could not be decided", "Which users there are is not known now."));

    private static final Authentication IN_THE_CLEAR = new Authentication.BadCredential(
            Refusal.of(403, "basic-in-the-clear", "Forbidden", "Passwords are taken by https only; change this one."));

    private final LiveStore<UserTable> users;
    private final Remembered remembered;
    private final VerificationPool pool;
    private final InstantSource clock;
    private final ConcurrentMap<String, CompletableFuture<Authentication>> checking = new ConcurrentHashMap<>();
    private final String name;
    private final String challenge;
    private final Authentication malformed;
    private final Authentication unknown;
    private final Authentication wrong;
    private final Authentication disabled;

    Basic(BasicConfig config, LiveStore<UserTable> users, VerificationPool pool, PluginContext context) {
        this.name = context.name();
        this.users = users;
        this.pool = pool;
        this.clock = context.services().clock();
        this.remembered = new Remembered(config.remember().toMillis(), context.loops());
        this.challenge = "Basic realm=\"" + config.realm() + "\", charset=\"UTF-8\"";
        Refusal invalid = Refusal.of(401, "basic-invalid", "Authentication failed", "Name or password is not right.")
                .with(Headers.of("www-authenticate", challenge));
        this.malformed = because(invalid, "basic-malformed");
        this.unknown = because(invalid, "basic-unknown");
        this.wrong = because(invalid, "basic-wrong");
        this.disabled = because(invalid, "basic-disabled");
    }

    private static Authentication because(Refusal invalid, String reason) {
        return new Authentication.BadCredential(invalid.because(reason));
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        Headers headers = exchange.request().headers();
        int at = headers.indexOf(FieldName.AUTHORIZATION);
        String value = at < 0 ? "" : headers.value(at);
        if (!NameAndPassword.isOf(value)) {
            return Authentication.NO_CREDENTIAL;
        }
        if (!isPrivate(exchange.connection())) {
            return IN_THE_CLEAR;
        }
        NameAndPassword shown = NameAndPassword.parse(value);
        if (shown == null) {
            return malformed;
        }
        UserTable table = users.current();
        if (table == null) {
            return UNAVAILABLE;
        }
        String mark = remembered.mark(exchange.loop(), shown);
        UserTable.User user = table.find(shown.name());
        if (user != null && !user.disabled() && remembered.holds(mark, user.hash(), clock.millis())) {
            return user.proven();
        }
        return check(exchange, table, shown, mark);
    }

    @Override
    public @Nullable String claimed(Exchange exchange) {
        Headers headers = exchange.request().headers();
        int at = headers.indexOf(FieldName.AUTHORIZATION);
        String value = at < 0 ? "" : headers.value(at);
        NameAndPassword shown = NameAndPassword.isOf(value) ? NameAndPassword.parse(value) : null;
        return shown == null ? null : name + "/" + shown.name();
    }

    /// Whether nobody between could have read the password.
    private static boolean isPrivate(ClientConnection connection) {
        String publicUrl = connection.publicUrl();
        return connection.secure()
                || (publicUrl != null && publicUrl.startsWith("https:"))
                || connection.peer().getAddress().isLoopbackAddress();
    }

    private Authentication check(Exchange exchange, UserTable table, NameAndPassword shown, String mark) {
        CompletableFuture<Authentication> mine = new CompletableFuture<>();
        CompletableFuture<Authentication> same = checking.putIfAbsent(mark, mine);
        if (same != null) {
            return new Authentication.Await(same);
        }
        return switch (pool.submit(exchange.clientAddress(), () -> judge(table, shown, mark))) {
            case VerificationPool.Taken.Wont<Authentication>(Refusal busy) -> {
                checking.remove(mark, mine);
                Authentication refused = new Authentication.BadCredential(busy);
                mine.complete(refused);
                yield refused;
            }
            case VerificationPool.Taken.Will<Authentication>(CompletionStage<Authentication> result) -> {
                result.whenComplete((found, failure) -> {
                    checking.remove(mark, mine);
                    if (failure == null) {
                        mine.complete(found);
                    } else {
                        mine.completeExceptionally(failure);
                    }
                });
                yield new Authentication.Await(mine);
            }
        };
    }

    /// On a thread of the pool.
    private Authentication judge(UserTable table, NameAndPassword shown, String mark) {
        UserTable.User user = table.find(shown.name());
        PasswordHash hash = user == null ? table.decoy(shown.name()) : user.hash();
        boolean right = hash.matches(shown.password());
        if (user == null) {
            return unknown;
        }
        if (!right) {
            return wrong;
        }
        if (user.disabled()) {
            return disabled;
        }
        remembered.add(mark, hash, clock.millis());
        return user.proven();
    }

    @Override
    public List<String> challenges() {
        return List.of(challenge);
    }

    @Override
    public CompletionStage<?> start() {
        return users.start();
    }

    @Override
    public void close() {
        users.close();
    }

    @Override
    public void collect(MetricSink sink) {
        users.collect(sink);
    }

    /// Makes authenticators of kind `basic`.
    public static final class Factory implements PluginFactory<BasicConfig, Authenticator> {
        private final EventLog log;
        private final VerificationPool pool;

        /// @param pool where passwords are checked
        public Factory(EventLog log, VerificationPool pool) {
            this.log = log;
            this.pool = pool;
        }

        @Override
        public String kind() {
            return KIND;
        }

        @Override
        public Class<BasicConfig> configType() {
            return BasicConfig.class;
        }

        @Override
        public Class<Authenticator> pluginType() {
            return Authenticator.class;
        }

        @Override
        public Authenticator create(BasicConfig config, PluginContext context) throws PluginException {
            UsersFile file = UsersFile.of(config, context.name());
            LiveStore<UserTable> users = new LiveStore<>(
                    new LiveStore.Settings(context.name(), file.toString(), FILE_CHECK, null),
                    file,
                    UserTable::size,
                    context.services(),
                    log);
            try {
                users.preload();
            } catch (StoreException e) {
                throw new PluginException("users", String.valueOf(e.getMessage()));
            }
            return new Basic(config, users, pool, context);
        }
    }
}
