package dev.sallyport.extension.authn.apikey;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.extension.authn.apikey.key.KeyFile;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.KeyStore;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.apikey.key.PepperFile;
import dev.sallyport.extension.authn.apikey.key.PostgresKeys;
import dev.sallyport.extension.authn.live.LiveStore;
import dev.sallyport.extension.authn.live.Source;
import dev.sallyport.extension.authn.live.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes tables of what a store holds, for the authenticator `api-key`.
@OffLoop("virtual threads and control threads")
public final class KeySource implements Source<KeyTable> {
    private static final Duration FILE_CHECK = Duration.ofSeconds(1);

    private final KeyStore store;
    private final @Nullable Pepper configured;
    private final PepperFile made;
    private final LiveStore.Settings settings;
    private final int loops;
    private final KeyTable.Refusals refusals;

    private KeySource(
            KeyStore store,
            ApiKeyConfig config,
            PluginContext context,
            LiveStore.Settings settings,
            KeyTable.Refusals refusals) {
        this.store = store;
        this.configured =
                config.pepper() == null ? null : new Pepper(config.pepper().reveal());
        this.made = PepperFile.in(context.services().folder());
        this.settings = settings;
        this.loops = context.loops();
        this.refusals = refusals;
    }

    static KeySource of(ApiKeyConfig config, PluginContext context, KeyTable.Refusals refusals) {
        KeyStore store = store(config.keys());
        ApiKeyConfig.Postgres postgres = config.keys().postgres();
        LiveStore.Settings settings = new LiveStore.Settings(
                context.name(),
                store.toString(),
                postgres == null ? FILE_CHECK : postgres.checkEvery(),
                postgres == null ? null : postgres.staleAfter());
        return new KeySource(store, config, context, settings, refusals);
    }

    /// Where the keys are kept that `keys` speaks of; not connected to yet.
    public static KeyStore store(ApiKeyConfig.Keys keys) {
        ApiKeyConfig.Postgres postgres = keys.postgres();
        if (postgres == null) {
            return new KeyFile(Objects.requireNonNull(keys.file(), "one of the two"));
        }
        return new PostgresKeys(
                postgres.url(),
                postgres.user(),
                postgres.password() == null ? null : postgres.password().reveal());
    }

    /// What keys of `config` are hashed with; made in `folder` where none is configured and none is made yet.
    public static Pepper pepper(ApiKeyConfig config, Path folder) throws StoreException {
        return config.pepper() == null
                ? PepperFile.in(folder).readOrMake()
                : new Pepper(config.pepper().reveal());
    }

    LiveStore.Settings settings() {
        return settings;
    }

    /// Whether it can be read while a configuration is only checked.
    boolean isAtHand() {
        return store instanceof KeyFile;
    }

    @Override
    public @Nullable KeyTable poll() throws StoreException {
        Map<String, KeyRecord> keys = store.poll();
        if (keys == null) {
            return null;
        }
        Pepper pepper = configured == null ? made.read() : configured;
        List<String> foreign = keys.values().stream()
                .filter(key -> pepper == null || !key.hash().pepper().equals(pepper.name()))
                .map(KeyRecord::id)
                .toList();
        if (!foreign.isEmpty() && isAtHand()) {
            store.forget();
            throw new StoreException(store + ": keys." + foreign.getFirst() + ": made with "
                    + (pepper == null
                            ? "a pepper that is not here (expected: " + made + ", or `pepper` in the configuration)"
                            : "another pepper (expected: the one configured, or in " + made + ")"));
        }
        return KeyTable.of(keys.values(), pepper, settings.owner(), loops, refusals);
    }

    @Override
    public void close() {
        store.close();
    }
}
