package dev.sallyport.extension.state.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.api.limit.CounterStore;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.api.limit.WhenDown;
import dev.sallyport.extension.state.redis.RedisStore.Command;
import io.lettuce.core.ScriptOutputType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counters in Redis or Valkey. All parts of one request are judged in one step; in a cluster those of one key are, as
/// they are at one server, and what one server took is given back when another refuses.
///
/// Nothing here is sealed, since the server computes with it: who can write there can give callers more or less than
/// they may have, and nothing else. Names are keyed hashes.
final class RedisCounters implements CounterStore {
    private static final byte[] TRIAL = {'1'};
    private static final byte[] SERIOUS = {'0'};
    private static final byte[] NOTHING = {'0'};
    private static final byte[] LOST = {'1'};
    private static final byte[] UNKNOWN = {'-'};
    private static final byte[] TIME = {'r'};
    private static final byte[] AMOUNT = {'q'};
    private static final byte[] PLACE = {'c'};
    /// How much later than its time is up a command may still be carried out; whatever is answered then is
    /// heard.
    private static final long LATE_MICROS = 1_000_000;
    private static final long CLOCK_SLACK_MICROS = 50_000;
    private static final int MOST_NAMES = 10_000;
    private static final int HELD_AT_ONCE = 200;
    private static final HexFormat HEX = HexFormat.of();

    private final RedisStore store;
    private final Nodes nodes;
    private final Vault vault;
    private final WhenDown whenDown;
    private final LongSupplier losses;
    private final boolean cluster;
    private final String prefix;
    private final KeySecret secret;
    private final Map<String, String> layers = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final long patienceMicros;
    private volatile Offset offset = new Offset(null, 0);

    /// @param vault  names what is kept
    /// @param losses how often the store has forgotten
    /// @param nanos  a clock that never steps
    RedisCounters(
            RedisStateConfig config,
            RedisStore store,
            Nodes nodes,
            Vault vault,
            LongSupplier losses,
            LongSupplier nanos) {
        this.store = store;
        this.nodes = nodes;
        this.vault = vault;
        this.whenDown = config.whenDown();
        this.losses = losses;
        this.nanos = nanos;
        this.patienceMicros = config.timeout().toNanos() / 1000 + LATE_MICROS;
        this.cluster = !config.cluster().isEmpty();
        this.prefix = config.namespace() + ":{";
        this.secret = new KeySecret(vault.number("limits 1"), vault.number("limits 2"));
    }

    @Override
    public KeySecret secret() {
        return secret;
    }

    @Override
    public WhenDown whenDown() {
        return whenDown;
    }

    @Override
    public boolean up() {
        return store.up();
    }

    @Override
    public int nodes() {
        return nodes.alive();
    }

    @Override
    public long losses() {
        return losses.getAsLong();
    }

    private String key(Key key) {
        String layer = layers.get(key.layer());
        if (layer == null) {
            if (layers.size() >= MOST_NAMES) {
                layers.clear();
            }
            layer = HEX.formatHex(vault.name('l', key.layer(), ""), 0, Long.BYTES);
            layers.put(key.layer(), layer);
        }
        // what counts by the same key is at the same server
        return prefix + HEX.toHexDigits(key.high()) + "}:l:" + layer + HEX.toHexDigits(key.low());
    }

    private static byte[] number(long number) {
        return number == 0 ? NOTHING : Long.toString(number).getBytes(US_ASCII);
    }

    private static byte[] known(Debt debt) {
        return debt.known() == Debt.UNKNOWN ? UNKNOWN : number(debt.known());
    }

    /// What a place of this gateway is called.
    private byte[] place(long serial) {
        byte[] own = nodes.own();
        byte[] name = Arrays.copyOf(own, own.length + Long.BYTES * 2);
        String digits = HEX.toHexDigits(serial);
        for (int i = 0; i < digits.length(); i++) {
            name[own.length + i] = (byte) digits.charAt(i);
        }
        return name;
    }

    // ---- in time

    /// What the server's clock says beyond ours, in microseconds, while `connection` lasts.
    private record Offset(@Nullable LiveConnection connection, long micros) {}

    /// After which moment, by the server's clock, a command is not to be carried out: a server that was
    /// stopped does later what it was asked for long ago, when this gateway has long decided without it.
    private byte[] tooLate() {
        Offset known = offset;
        return known.connection == null || !known.connection.equals(store.live())
                ? NOTHING
                : number(nanos.getAsLong() / 1000 + known.micros + patienceMicros);
    }

    /// Notes what the server's clock says, and whether it did what it was asked for.
    private boolean inTime(List<Long> told) {
        long micros = told.getLast() - nanos.getAsLong() / 1000;
        LiveConnection connection = cluster ? null : store.live();
        Offset known = offset;
        if (!Objects.equals(known.connection, connection) || Math.abs(known.micros - micros) > CLOCK_SLACK_MICROS) {
            offset = new Offset(connection, micros);
        }
        return told.size() > 1;
    }

    // ---- take

    @Override
    public CompletionStage<List<Answer>> take(List<Ask> asked, Late late) {
        if (!cluster) {
            return takeAtOnce(asked, late);
        }
        List<List<Ask>> groups = groups(asked);
        return groups.size() == 1 ? takeAtOnce(asked, late) : takeApart(asked, groups, late);
    }

    private CompletionStage<List<Answer>> takeAtOnce(List<Ask> asked, Late late) {
        byte[] tooLate = tooLate();
        Command<List<Long>> command = commands -> {
            int size = asked.size();
            String[] keys = new String[size];
            byte[][] arguments = new byte[size * CounterScripts.ASKED + 1][];
            for (int i = 0; i < size; i++) {
                keys[i] = key(asked.get(i).key());
                write(asked.get(i), arguments, i * CounterScripts.ASKED);
            }
            arguments[size * CounterScripts.ASKED] = tooLate;
            return RedisStore.scripted(commands, CounterScripts.TAKE, ScriptOutputType.MULTI, keys, arguments);
        };
        return store.ask(command, told -> {
                    if (inTime(told)) {
                        late.answered(asked, answers(told, asked.size()));
                    }
                })
                .thenApply(told -> {
                    if (!inTime(told)) {
                        throw new StateFailure(StateFailure.Why.SLOW);
                    }
                    return answers(told, asked.size());
                });
    }

    private void write(Ask ask, byte[][] to, int at) {
        Arrays.fill(to, at, at + CounterScripts.ASKED, NOTHING);
        to[at + 1] = ask.trial() ? TRIAL : SERIOUS;
        switch (ask) {
            case Ask.Time time -> {
                to[at] = TIME;
                to[at + 2] = number(time.cost());
                to[at + 3] = number(time.capacity());
                to[at + 4] = number(time.ahead());
                Debt debt = time.debt();
                to[at + 5] = number(debt.owed());
                to[at + 6] = number(debt.burst());
                to[at + 7] = debt.lost() ? LOST : NOTHING;
                to[at + 9] = known(debt);
            }
            case Ask.Amount amount -> {
                to[at] = AMOUNT;
                to[at + 2] = number(amount.cost());
                to[at + 3] = number(amount.most());
                to[at + 4] = number(amount.ahead());
                to[at + 5] = number(amount.debt().owed());
                to[at + 6] = number(amount.start());
                to[at + 7] = number(amount.end());
                to[at + 8] = number(amount.next());
                to[at + 9] = known(amount.debt());
            }
            case Ask.Place one -> {
                to[at] = PLACE;
                to[at + 2] = number(one.weight());
                to[at + 3] = number(one.most());
                to[at + 4] = place(one.serial());
                to[at + 5] = number(one.millis());
            }
        }
    }

    private static List<Answer> answers(List<Long> told, int size) {
        if (told.size() != size * CounterScripts.TOLD + 1) {
            throw new IllegalStateException("the store answered " + told.size() + " numbers");
        }
        List<Answer> answers = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int at = i * CounterScripts.TOLD;
            answers.add(new Answer(
                    told.get(at) == 1, told.get(at + 1), told.get(at + 2), told.get(at + 3), told.get(at + 4)));
        }
        return answers;
    }

    /// Those of one key together, in their order.
    private static List<List<Ask>> groups(List<Ask> asked) {
        List<List<Ask>> groups = new ArrayList<>();
        for (Ask ask : asked) {
            List<Ask> mine = null;
            for (List<Ask> group : groups) {
                if (group.getFirst().key().high() == ask.key().high()) {
                    mine = group;
                }
            }
            if (mine == null) {
                mine = new ArrayList<>();
                groups.add(mine);
            }
            mine.add(ask);
        }
        return groups;
    }

    /// Asks several servers, at the same time.
    private CompletionStage<List<Answer>> takeApart(List<Ask> asked, List<List<Ask>> groups, Late late) {
        List<CompletableFuture<List<Answer>>> parts = new ArrayList<>();
        for (List<Ask> group : groups) {
            parts.add(takeAtOnce(group, late).toCompletableFuture());
        }
        CompletableFuture<List<Answer>> whole = new CompletableFuture<>();
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).whenComplete((_, failure) -> {
            boolean taken = failure == null;
            for (int i = 0; i < groups.size() && taken; i++) {
                taken = allows(groups.get(i), told(parts.get(i)));
            }
            for (int i = 0; i < groups.size() && !taken; i++) {
                CompletableFuture<List<Answer>> part = parts.get(i);
                if (part.isCompletedExceptionally()) {
                    continue;
                }
                if (failure != null) {
                    // whoever asked decides alone, as if nothing had been answered
                    late.answered(groups.get(i), told(part));
                } else if (allows(groups.get(i), told(part))) {
                    undo(groups.get(i), told(part));
                }
            }
            if (failure != null) {
                whole.completeExceptionally(failure);
                return;
            }
            List<Answer> answers = new ArrayList<>();
            int[] next = new int[groups.size()];
            for (Ask ask : asked) {
                int group = 0;
                while (groups.get(group).getFirst().key().high() != ask.key().high()) {
                    group++;
                }
                Answer answer = told(parts.get(group)).get(next[group]++);
                // what was taken ahead went back too
                answers.add(
                        taken ? answer : new Answer(answer.allowed(), answer.used(), 0, answer.left(), answer.until()));
            }
            whole.complete(answers);
        });
        return whole;
    }

    /// What was answered; nothing before that.
    private static List<Answer> told(CompletableFuture<List<Answer>> part) {
        return part.getNow(List.of());
    }

    private static boolean allows(List<Ask> asked, List<Answer> answers) {
        for (int i = 0; i < asked.size(); i++) {
            if (!answers.get(i).allowed() && !asked.get(i).trial()) {
                return false;
            }
        }
        return true;
    }

    private void undo(List<Ask> asked, List<Answer> answers) {
        List<Ask> taken = new ArrayList<>();
        long[] until = new long[asked.size()];
        for (int i = 0; i < asked.size(); i++) {
            Answer answer = answers.get(i);
            if (!answer.allowed()) {
                continue;
            }
            until[taken.size()] = answer.until();
            taken.add(
                    switch (asked.get(i)) {
                        case Ask.Time time ->
                            new Ask.Time(
                                    time.key(), false, time.cost() + answer.ahead(), time.capacity(), 0, Debt.NONE);
                        case Ask.Amount amount ->
                            new Ask.Amount(
                                    amount.key(),
                                    false,
                                    amount.cost() + answer.ahead(),
                                    amount.most(),
                                    0,
                                    Debt.NONE,
                                    0,
                                    0,
                                    0);
                        case Ask.Place place -> place;
                    });
        }
        giveBack(taken, until);
    }

    // ---- back

    @Override
    public void giveBack(List<Ask> taken, long[] until) {
        List<List<Ask>> groups = cluster ? groups(taken) : List.of(taken);
        for (List<Ask> group : groups) {
            if (!group.isEmpty()) {
                byte[] tooLate = tooLate();
                store.<Long>ask(commands -> {
                    String[] keys = new String[group.size()];
                    byte[][] arguments = new byte[group.size() * CounterScripts.GIVEN + 1][];
                    arguments[group.size() * CounterScripts.GIVEN] = tooLate;
                    for (int i = 0; i < group.size(); i++) {
                        Ask ask = group.get(i);
                        int at = i * CounterScripts.GIVEN;
                        keys[i] = key(ask.key());
                        arguments[at + 2] = NOTHING;
                        switch (ask) {
                            case Ask.Time time -> {
                                arguments[at] = TIME;
                                arguments[at + 1] = number(time.cost());
                            }
                            case Ask.Amount amount -> {
                                arguments[at] = AMOUNT;
                                arguments[at + 1] = number(amount.cost());
                                arguments[at + 2] = number(until[taken.indexOf(ask)]);
                            }
                            case Ask.Place place -> {
                                arguments[at] = PLACE;
                                arguments[at + 1] = place(place.serial());
                            }
                        }
                    }
                    return RedisStore.scripted(
                            commands, CounterScripts.BACK, ScriptOutputType.INTEGER, keys, arguments);
                });
            }
        }
    }

    @Override
    public void hold(List<Ask.Place> places) {
        for (int from = 0; from < places.size(); from += cluster ? 1 : HELD_AT_ONCE) {
            List<Ask.Place> some = places.subList(from, Math.min(places.size(), from + (cluster ? 1 : HELD_AT_ONCE)));
            store.<Long>ask(commands -> {
                String[] keys = new String[some.size()];
                byte[][] arguments = new byte[some.size() * 2][];
                for (int i = 0; i < some.size(); i++) {
                    Ask.Place place = some.get(i);
                    keys[i] = key(place.key());
                    arguments[i * 2] = place(place.serial());
                    arguments[i * 2 + 1] = number(place.millis());
                }
                return RedisStore.scripted(commands, CounterScripts.HOLD, ScriptOutputType.INTEGER, keys, arguments);
            });
        }
    }

    @Override
    public CompletionStage<Boolean> forget(Key key) {
        return store.ask(commands -> commands.del(key(key)).thenApply(number -> number > 0));
    }
}
