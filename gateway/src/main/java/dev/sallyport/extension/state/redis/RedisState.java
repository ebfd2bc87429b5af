package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.api.plugin.Services;
import dev.sallyport.api.state.Asked;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Shared state in Redis or Valkey. Every stage fails while the server cannot be asked, when it does not answer in
/// time, and for what no gateway with the same key wrote there.
///
/// All of a space is in one slot. Any thread; never waits.
public final class RedisState implements SharedState, CounterStore.Keeper, LongLived, MetricSource {
    private static final int MOST_TOLD = 20_000;
    private static final int PAGE = 500;
    private static final int MOST_SPACES = 1000;
    private static final int ID_OCTETS = 16;
    private static final long TELL_FORGED_EVERY = Duration.ofMinutes(1).toNanos();
    private static final byte[] NOTHING = {};
    private static final HexFormat HEX = HexFormat.of();

    private final RedisStateConfig config;
    private final Services services;
    private final EventLog log;
    private final Vault vault;
    private final RedisStore store;
    private final Generations generations;
    private final Keeper keeper;
    private final String register;
    private final RedisCounters counters;
    private final AtomicLong losses = new AtomicLong();
    private final Map<String, Space> spaces = new ConcurrentHashMap<>();
    private final LongAdder forged = new LongAdder();
    private final LongAdder forgot = new LongAdder();
    private final AtomicLong tellForgedAt = new AtomicLong(System.nanoTime());
    private final byte[] mostEntries;
    private final byte[] mostOfOwner;

    /// How much there may be in a space.
    ///
    /// @param entries  the most entries in all
    /// @param perOwner the most marks of one owner
    record Bounds(int entries, int perOwner) {
        static final Bounds USUAL = new Bounds(1_000_000, 10_000);
    }

    /// A space as the server knows it.
    ///
    /// @param name       as the gateway calls it
    /// @param prefix     of all keys
    /// @param tag        in the register
    /// @param generation the key of what says that the space belongs to a generation
    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record Space(String name, String prefix, byte[] tag, String marks, String index, String generation) {}

    RedisState(RedisStateConfig config, Bounds bounds, Services services, EventLog log) {
        this.config = config;
        this.services = services;
        this.log = log;
        this.vault = new Vault(config.key().reveal(), config.namespace());
        this.register = config.namespace() + ":{register}";
        byte[] random = new byte[ID_OCTETS];
        new SecureRandom().nextBytes(random);
        Executor telling = services.blocking();
        this.generations = new Generations(random, since -> {
            losses.incrementAndGet();
            telling.execute(() -> log.event(Event.STATE_FORGOT, "since", since));
        });
        Nodes nodes = new Nodes(register + ":nodes", random, config.nodes());
        this.store = new RedisStore(config.timeout(), System::nanoTime, this::trouble);
        this.counters = new RedisCounters(config, store, nodes, vault, losses::get, System::nanoTime);
        this.keeper = new Keeper(
                store,
                generations,
                nodes,
                register,
                config.timeout(),
                log,
                config.servers().getFirst().toString());
        this.mostEntries = number(bounds.entries);
        this.mostOfOwner = number(bounds.perOwner);
    }

    private void trouble() {
        keeper.wake();
    }

    /// The way to the server.
    public RedisStore store() {
        return store;
    }

    @Override
    public CounterStore counterStore() {
        return counters;
    }

    @Override
    public CompletionStage<?> start() {
        return keeper.start(() -> new Client(config, services.clock()));
    }

    @Override
    public void close() {
        keeper.close();
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Instant completeSince() {
        Generations.Generation known = generations.current();
        return known == null ? Instant.MIN : known.since();
    }

    private Space space(String name) {
        Space known = spaces.get(name);
        if (known != null) {
            return known;
        }
        if (spaces.size() >= MOST_SPACES) {
            throw new IllegalStateException("more than " + MOST_SPACES + " spaces");
        }
        return spaces.computeIfAbsent(name, key -> {
            String prefix = vault.space(key);
            return new Space(key, prefix, prefix.getBytes(US_ASCII), prefix + "m", prefix + "i", prefix + "g");
        });
    }

    // ---- marks

    @Override
    public CompletionStage<Mark> mark(String space, String owner, String key, Duration until) {
        Asked.checkLength("owner", owner);
        Asked.checkLength("key", key);
        byte[] left = number(Asked.millis(until, LONGEST_MARK));
        Generations.Generation generation = generations.current();
        if (generation == null) {
            return CompletableFuture.failedStage(new StateFailure(StateFailure.Why.DOWN));
        }
        Space in = space(space);
        String[] keys = {in.marks, in.prefix + "o:" + HEX.formatHex(vault.name('o', space, owner)), in.generation};
        byte[][] arguments = {generation.id(), vault.name('m', space, key), left, mostEntries, mostOfOwner};
        return mark(in, generation, keys, arguments, true);
    }

    private CompletionStage<Mark> mark(
            Space in, Generations.Generation generation, String[] keys, byte[][] arguments, boolean mayEnter) {
        return store.<Long>run(Scripts.MARK, ScriptOutputType.INTEGER, keys, arguments)
                .thenCompose(code -> switch (code.intValue()) {
                    case 0 -> CompletableFuture.completedStage(Mark.SEEN);
                    // what was known when the caller asked is no longer true
                    case 1 -> isCurrent(generation) ? CompletableFuture.completedStage(Mark.FRESH) : forgotten();
                    case 2 -> CompletableFuture.completedStage(Mark.FULL);
                    default ->
                        mayEnter
                                ? enter(in, generation)
                                        .thenCompose(entered -> mark(in, generation, keys, arguments, false))
                                : forgotten();
                });
    }

    private boolean isCurrent(Generations.Generation generation) {
        Generations.Generation now = generations.current();
        return now != null && now.is(generation);
    }

    private <T> CompletionStage<T> forgotten() {
        forgot.increment();
        return CompletableFuture.failedStage(new StateFailure(StateFailure.Why.FORGOT));
    }

    /// Notes that the space belongs to the generation; fails when another has begun.
    private CompletionStage<String> enter(Space in, Generations.Generation generation) {
        return store.<List<byte[]>>run(
                        Scripts.ENTER,
                        ScriptOutputType.MULTI,
                        new String[] {register},
                        generation.id(),
                        generations.nextId(),
                        in.tag,
                        generations.servers())
                .thenCompose(answer -> generations.adopt(answer).is(generation)
                        ? store.ask(commands -> commands.set(in.generation, generation.id()))
                        : forgotten());
    }

    // ---- values

    private String valueKey(Space in, byte[] name) {
        return in.prefix + "v:" + HEX.formatHex(name);
    }

    @Override
    public CompletionStage<byte @Nullable []> get(String space, String key) {
        Space in = space(space);
        String name = valueKey(in, vault.name('v', space, key));
        return store.<byte @Nullable []>ask(commands -> commands.get(name)).thenApply(octets -> {
            if (octets == null) {
                return null;
            }
            Vault.Opened opened = opened(in, octets);
            if (!opened.key().equals(key)) {
                throw forged(in);
            }
            return opened.value();
        });
    }

    private Vault.Opened opened(Space in, byte[] sealed) {
        Vault.Opened opened = vault.open(in.name, sealed);
        if (opened == null) {
            throw forged(in);
        }
        return opened;
    }

    private StateFailure forged(Space in) {
        forged.increment();
        long now = System.nanoTime();
        long at = tellForgedAt.get();
        if (now - at >= 0 && tellForgedAt.compareAndSet(at, now + TELL_FORGED_EVERY)) {
            services.blocking().execute(() -> log.event(Event.STATE_FORGED, "space", in.name));
        }
        return new StateFailure(StateFailure.Why.FORGED);
    }

    @Override
    public CompletionStage<Boolean> replace(
            String space, String key, byte @Nullable [] expected, byte @Nullable [] next, Duration until) {
        Asked.checkLength("key", key);
        Asked.checkSize(next);
        byte[] left = next == null ? NOTHING : number(Asked.millis(until, LONGEST_VALUE));
        Space in = space(space);
        byte[] name = vault.name('v', space, key);
        return store.<Long>run(
                        Scripts.REPLACE,
                        ScriptOutputType.INTEGER,
                        new String[] {valueKey(in, name), in.index},
                        name,
                        expected == null ? NOTHING : vault.seal(space, key, expected),
                        next == null ? NOTHING : vault.seal(space, key, next),
                        left,
                        mostEntries)
                .thenApply(code -> code == 1);
    }

    @Override
    public CompletionStage<Map<String, byte[]>> all(String space) {
        Space in = space(space);
        return store.<List<byte[]>>run(
                        Scripts.NAMES, ScriptOutputType.MULTI, new String[] {in.index}, number(MOST_TOLD + 1))
                .thenCompose(names -> names.size() > MOST_TOLD
                        ? CompletableFuture.failedStage(new StateFailure(StateFailure.Why.LARGE))
                        : page(in, names, 0, new HashMap<>()));
    }

    private CompletionStage<Map<String, byte[]>> page(
            Space in, List<byte[]> names, int from, Map<String, byte[]> values) {
        if (from >= names.size()) {
            return CompletableFuture.completedStage(values);
        }
        int to = Math.min(names.size(), from + PAGE);
        List<String> keys = new ArrayList<>(to - from);
        for (byte[] name : names.subList(from, to)) {
            keys.add(valueKey(in, name));
        }
        return store.<List<KeyValue<String, byte[]>>>ask(commands -> commands.mget(keys.toArray(String[]::new)))
                .thenCompose(page -> {
                    for (KeyValue<String, byte[]> one : page) {
                        // what has ended meanwhile is not there
                        if (one.hasValue()) {
                            Vault.Opened opened = opened(in, one.getValue());
                            if (!valueKey(in, vault.name('v', in.name, opened.key()))
                                    .equals(one.getKey())) {
                                throw forged(in);
                            }
                            values.put(opened.key(), opened.value());
                        }
                    }
                    return page(in, names, to, values);
                });
    }

    private static byte[] number(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    @Override
    public void collect(MetricSink sink) {
        store.collect(sink);
        sink.value(Metrics.STATE_COMMANDS, forged.sum(), "forged");
        sink.value(Metrics.STATE_COMMANDS, forgot.sum(), "forgot");
        Generations.Generation known = generations.current();
        if (known != null) {
            sink.value(Metrics.STATE_COMPLETE_SINCE, known.since().toEpochMilli() / 1000.0);
        }
    }
}
