package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.limit.KeySecret;
import dev.sallyport.api.table.TableMemory;
import dev.sallyport.dataplane.behaviour.score.Acquaintances;
import dev.sallyport.dataplane.behaviour.score.Board;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Lane;
import dev.sallyport.dataplane.behaviour.score.Reading;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.SiegeWatch;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.Network;
import dev.sallyport.dataplane.limit.TopKeys;
import dev.sallyport.dataplane.loop.Worker;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// All that this process knows of conduct: scores, and who did well before. It lasts as long as the process, over all
/// reloads; what follows from it is said by the [Rules] of the day. Any thread, without locks.
public final class Conducts {
    private static final long MOST_OCTETS = 256L << 20;

    private final LongSupplier ticker;
    private final long zero;
    private final KeySecret secret;
    private final Board[] boards = new Board[Kind.values().length];
    private final TopKeys[] notable = new TopKeys[Kind.values().length];
    private final Acquaintances acquaintances;
    private final OnLoop[] loops;
    private final Figures figures = new Figures();
    private final SiegeWatch siege = new SiegeWatch();
    private final News news;
    private volatile @Nullable Rules rules;
    private volatile Verdict.Listener verdicts = Verdict.Listener.NONE;

    /// @param workers every loop
    /// @param ticker  nanoseconds that never go back
    /// @param aside   runs what loops have no time for
    public Conducts(List<Worker> workers, LongSupplier ticker, EventLog log, Executor aside) {
        this.ticker = ticker;
        this.zero = ticker.getAsLong() - TimeUnit.SECONDS.toNanos(1);
        SecureRandom random = new SecureRandom();
        this.secret = new KeySecret(random.nextLong(), random.nextLong());
        TableMemory memory =
                new TableMemory(Math.min(MOST_OCTETS, Runtime.getRuntime().maxMemory() / 4), aside);
        for (int i = 0; i < boards.length; i++) {
            boards[i] = new Board(memory);
            notable[i] = new TopKeys();
        }
        this.acquaintances = new Acquaintances(memory);
        this.loops = new OnLoop[Math.max(1, workers.size())];
        for (int i = 0; i < loops.length; i++) {
            loops[i] = new OnLoop(secret, workers.isEmpty() ? null : workers.get(i));
        }
        this.news = new News(log, aside);
    }

    /// Such as know nobody, for who looks at configurations only.
    public static Conducts blank() {
        return new Conducts(List.of(), System::nanoTime, EventLog.SILENT, Runnable::run);
    }

    /// Watches by `next` from now on; null to watch no longer.
    public void use(@Nullable Rules next) {
        rules = next;
    }

    /// Has `listener` hear of every verdict that is made here, instead of whoever did before.
    public void hear(Verdict.Listener listener) {
        verdicts = listener;
    }

    Verdict.Listener verdicts() {
        return verdicts;
    }

    /// The rules in use, null for none.
    public @Nullable Rules rules() {
        return rules;
    }

    long now() {
        return ticker.getAsLong() - zero;
    }

    static long seconds(long now) {
        return TimeUnit.NANOSECONDS.toSeconds(now);
    }

    /// Scratch for a thread that has none.
    Scratch scratch() {
        return new Scratch(secret);
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    Board board(Kind kind) {
        return boards[kind.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal") // an index of this process
    TopKeys notable(Kind kind) {
        return notable[kind.ordinal()];
    }

    Acquaintances acquaintances() {
        return acquaintances;
    }

    OnLoop on(int loop) {
        return loops[loop];
    }

    OnLoop[] loops() {
        return loops;
    }

    Figures figures() {
        return figures;
    }

    SiegeWatch siege() {
        return siege;
    }

    News news() {
        return news;
    }

    // ---- keys

    static void address(Network network, Rules rules, KeyHash hash) {
        hash.begin();
        network.addTo(hash, rules.networks().ipv4(), rules.networks().ipv6());
        hash.end();
    }

    static void wider(Network network, Rules rules, KeyHash hash) {
        hash.begin();
        network.addTo(hash, rules.networks().widerIpv4(), rules.networks().widerIpv6());
        hash.end();
    }

    static void caller(Principal caller, KeyHash hash) {
        named(caller.authenticator(), caller.id(), hash);
    }

    static void named(String authenticator, String id, KeyHash hash) {
        hash.begin().add(authenticator).add(id).end();
    }

    // ---- signals

    /// Counts `signal` against the network that `exchange` comes from, and the one around that.
    void blameSource(Network network, Signal signal, Rules rules, Scratch own) {
        long now = now();
        address(network, rules, own.hash);
        count(
                Kind.ADDRESS,
                own,
                signal,
                rules,
                1,
                now,
                true,
                () -> network.text(rules.networks().ipv4(), rules.networks().ipv6()));
        wider(network, rules, own.hash);
        // neighbours in an IPv4 network have nothing to do with each other, as a rule
        count(
                Kind.NETWORK,
                own,
                signal,
                rules,
                rules.networks().factor(),
                now,
                network.ipv6(),
                () -> network.text(
                        rules.networks().widerIpv4(), rules.networks().widerIpv6()));
    }

    /// Counts `signal` against a proven caller.
    void blameCaller(Principal caller, Signal signal, Rules rules, Scratch own) {
        caller(caller, own.hash);
        count(Kind.CALLER, own, signal, rules, 1, now(), true, () -> caller.authenticator() + "/" + caller.id());
    }

    /// Counts a failure against whoever claims to be `account`, which is never thought worse of for it.
    void blameAccount(String account, Rules rules, Scratch own) {
        Lane lane = rules.lane(Signal.FAILED_AUTHENTICATION, Kind.ACCOUNT);
        int slash = account.indexOf('/');
        if (lane == null || slash < 0) {
            return;
        }
        named(account.substring(0, slash), account.substring(slash + 1), own.hash);
        board(Kind.ACCOUNT).add(own.hash.high(), own.hash.low(), lane, now());
        notable(Kind.ACCOUNT).note(own.hash.low(), 1, true, () -> account);
    }

    /// Counts `signal` against the key that `own` has hashed.
    private void count(
            Kind kind,
            Scratch own,
            Signal signal,
            Rules rules,
            double factor,
            long now,
            boolean mayBeRefused,
            TopKeys.Name name) {
        Lane lane = rules.lane(signal, kind);
        if (lane == null) {
            return;
        }
        long high = own.hash.high();
        long low = own.hash.low();
        Board board = board(kind);
        Reading read = own.reading;
        board.read(high, low, rules, now, read);
        Level before = rules.level(rules.score(read, false, factor), factor, read.refusedFor);
        board.add(high, low, lane, now);
        board.read(high, low, rules, now, read);
        double score = rules.score(read, false, factor);
        notable(kind).note(low, 1, false, name);
        if (mayBeRefused && rules.condemns(score, factor)) {
            long until = now + rules.levels().refuseNanos();
            board.refuse(high, low, until, now);
            read.refusedFor = until - now;
            verdicts.onVerdict(Verdict.REFUSED, kind, name.get(), read.refusedFor);
        }
        Level after = rules.level(score, factor, read.refusedFor);
        if (after.worseThan(before)) {
            figures.level(kind, after).increment();
            news.tell(
                    after == Level.HOSTILE ? Event.BEHAVIOUR_HOSTILE : Event.BEHAVIOUR_SUSPICIOUS,
                    "kind",
                    kind.label(),
                    "key",
                    name.get(),
                    "score",
                    Math.round(score),
                    "signal",
                    signal.label());
        }
    }

    // ---- what speaks for somebody

    /// Whether `exchange` shows a credential that did well from the same network before.
    boolean recognises(Exchange exchange, Rules rules, Network network, Scratch own) {
        return Credentials.hash(exchange, rules, network, own.hash)
                && acquaintances.since(own.hash.high(), own.hash.low(), seconds(now())) >= 0;
    }
}
