package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.limit.Census;
import dev.sallyport.dataplane.behaviour.score.Board;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Lane;
import dev.sallyport.dataplane.behaviour.score.Reading;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Verdict;
import dev.sallyport.dataplane.limit.Network;
import dev.sallyport.dataplane.limit.TopKeys;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What operators see of conduct, and what they do about it. Any thread.
public final class Register implements MetricSource {
    private final Conducts conducts;

    public Register(Conducts conducts) {
        this.conducts = conducts;
    }

    /// How one key stands.
    ///
    /// @param signals what each signal of it counts for now, by its label
    /// @param refused for how long because of its conduct
    /// @param banned  for how long by an operator
    public record Entry(
            Kind kind,
            String key,
            Level level,
            double score,
            Map<String, Double> signals,
            Duration refused,
            Duration banned) {
        public Entry {
            signals = Map.copyOf(signals);
        }
    }

    /// What `text` can mean.
    private record Key(Kind kind, String text, long high, long low) {}

    /// Whether conduct is watched.
    public boolean on() {
        return conducts.rules() != null;
    }

    /// The keys with the highest scores, highest first.
    public List<Entry> top(int most) {
        List<Entry> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (TopKeys.Key known : conducts.notable(kind).most(Integer.MAX_VALUE)) {
                for (Key key : keys(known.name())) {
                    Entry entry = key.kind == kind ? entry(key) : null;
                    if (entry != null) {
                        all.add(entry);
                    }
                }
            }
        }
        all.sort(Comparator.comparing(Entry::level)
                .thenComparingDouble(Entry::score)
                .reversed()
                .thenComparing(Entry::key));
        return List.copyOf(all.subList(0, Math.min(most, all.size())));
    }

    /// How whatever `text` means stands; empty when it means nothing.
    ///
    /// @param text an address, the network around it, or `AUTHENTICATOR/NAME`
    public List<Entry> show(String text) {
        List<Entry> all = new ArrayList<>();
        for (Key key : keys(text)) {
            Entry entry = entry(key);
            all.add(entry == null ? blank(key) : entry);
        }
        return all;
    }

    /// Whether `text` means anything.
    public boolean means(String text) {
        return !keys(text).isEmpty();
    }

    /// Forgets all that speaks against whatever `text` means, and lets it in again; what was forgotten of.
    /// Other gateways hear of it even where nothing was known here.
    public List<Kind> pardon(String text) {
        Rules rules = conducts.rules();
        List<Kind> pardoned = new ArrayList<>();
        long now = conducts.now();
        for (Key key : keys(text)) {
            if (rules != null && conducts.board(key.kind).forget(key.high, key.low, rules, now)) {
                pardoned.add(key.kind);
            }
            conducts.verdicts().onVerdict(Verdict.PARDONED, key.kind, key.text, 0);
        }
        if (!pardoned.isEmpty()) {
            conducts.news().say(Event.BEHAVIOUR_PARDONED, "key", text);
        }
        return pardoned;
    }

    /// Has whatever `text` means refused; what that is, null when it is nothing that can be.
    public @Nullable Kind ban(String text, Duration how) {
        long now = conducts.now();
        for (Key key : keys(text)) {
            if (key.kind != Kind.ACCOUNT) {
                conducts.board(key.kind).ban(key.high, key.low, now + how.toNanos(), now);
                conducts.notable(key.kind).note(key.low, 1, true, () -> key.text);
                conducts.verdicts().onVerdict(Verdict.BANNED, key.kind, key.text, how.toNanos());
                conducts.news()
                        .say(
                                Event.BEHAVIOUR_BANNED,
                                "kind",
                                key.kind.label(),
                                "key",
                                key.text,
                                "seconds",
                                how.toSeconds());
                return key.kind;
            }
        }
        return null;
    }

    /// Does what another gateway has decided about a key, and tells nobody; false where the key means nothing
    /// here.
    ///
    /// @param how how long it holds
    public boolean follow(Verdict verdict, Kind kind, String text, Duration how) {
        Rules rules = conducts.rules();
        long now = conducts.now();
        for (Key key : keys(text)) {
            if (rules != null && key.kind == kind) {
                Board board = conducts.board(kind);
                switch (verdict) {
                    case REFUSED -> board.refuse(key.high, key.low, now + how.toNanos(), now);
                    case BANNED -> board.ban(key.high, key.low, now + how.toNanos(), now);
                    case PARDONED -> board.forget(key.high, key.low, rules, now);
                }
                if (verdict != Verdict.PARDONED) {
                    conducts.notable(kind).note(key.low, 1, true, () -> key.text);
                }
                return true;
            }
        }
        return false;
    }

    /// By how many leading bits addresses are told apart; null while conduct is not watched.
    public Rules.@Nullable Networks networks() {
        Rules rules = conducts.rules();
        return rules == null ? null : rules.networks();
    }

    private List<Key> keys(String text) {
        Rules rules = conducts.rules();
        if (rules == null) {
            return List.of();
        }
        Scratch scratch = conducts.scratch();
        Network network = Network.parse(text);
        if (network != null) {
            Rules.Networks bits = rules.networks();
            String wider = network.text(bits.widerIpv4(), bits.widerIpv6());
            int slash = text.indexOf('/');
            String own = network.text(bits.ipv4(), bits.ipv6());
            if (slash >= 0 && text.substring(slash).equals(wider.substring(wider.indexOf('/')))) {
                Conducts.wider(network, rules, scratch.hash);
                return List.of(new Key(Kind.NETWORK, wider, scratch.hash.high(), scratch.hash.low()));
            }
            if (slash < 0 || own.endsWith(text.substring(slash)) || isWhole(text.substring(slash), network)) {
                Conducts.address(network, rules, scratch.hash);
                return List.of(new Key(Kind.ADDRESS, own, scratch.hash.high(), scratch.hash.low()));
            }
            return List.of();
        }
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            return List.of();
        }
        Conducts.named(text.substring(0, slash), text.substring(slash + 1), scratch.hash);
        long high = scratch.hash.high();
        long low = scratch.hash.low();
        return List.of(new Key(Kind.CALLER, text, high, low), new Key(Kind.ACCOUNT, text, high, low));
    }

    private static boolean isWhole(String prefix, Network network) {
        return prefix.equals(network.ipv6() ? "/128" : "/32");
    }

    private static Entry blank(Key key) {
        return new Entry(key.kind, key.text, Level.NORMAL, 0, Map.of(), Duration.ZERO, Duration.ZERO);
    }

    private @Nullable Entry entry(Key key) {
        Rules rules = conducts.rules();
        if (rules == null) {
            return null;
        }
        long now = conducts.now();
        Board board = conducts.board(key.kind);
        Reading read = new Reading();
        board.read(key.high, key.low, rules, now, read);
        double factor = key.kind == Kind.NETWORK ? rules.networks().factor() : 1;
        double score = rules.score(read, false, factor);
        if (score == 0 && read.roaming == 0 && read.refusedFor == 0 && read.bannedFor == 0) {
            return null;
        }
        Map<String, Double> signals = new LinkedHashMap<>();
        for (Lane lane : rules.lanes()) {
            double counts = board.score(key.high, key.low, lane, now);
            if (counts > 0) {
                signals.put(lane.signal().label(), counts);
            }
        }
        // guesses at an account say nothing about whose it is
        Level level = key.kind == Kind.ACCOUNT
                ? Level.NORMAL
                : rules.level(score, factor, Math.max(read.refusedFor, read.bannedFor));
        return new Entry(
                key.kind,
                key.text,
                level,
                score,
                signals,
                Duration.ofNanos(read.refusedFor),
                Duration.ofNanos(read.bannedFor));
    }

    @Override
    public void collect(MetricSink sink) {
        Rules rules = conducts.rules();
        if (rules == null) {
            return;
        }
        long now = conducts.now();
        Figures figures = conducts.figures();
        for (Lane lane : rules.lanes()) {
            sink.value(
                    Metrics.BEHAVIOUR_SIGNALS,
                    figures.signal(lane.signal()).sum(),
                    lane.signal().label());
        }
        for (Kind kind : Kind.values()) {
            Census census = conducts.board(kind).census(now);
            sink.value(Metrics.BEHAVIOUR_WORDS, census.keys(), kind.label());
            sink.value(Metrics.BEHAVIOUR_OVERFLOWED, census.overflowed(), kind.label());
            if (kind != Kind.ACCOUNT) {
                sink.value(
                        Metrics.BEHAVIOUR_LEVELS,
                        figures.level(kind, Level.SUSPICIOUS).sum(),
                        kind.label(),
                        "suspicious");
                sink.value(
                        Metrics.BEHAVIOUR_LEVELS,
                        figures.level(kind, Level.HOSTILE).sum(),
                        kind.label(),
                        "hostile");
            }
        }
        sink.value(Metrics.BEHAVIOUR_REFUSED, figures.refused(Kind.ADDRESS).sum(), "source");
        sink.value(Metrics.BEHAVIOUR_REFUSED, figures.refused(Kind.CALLER).sum(), "caller");
        sink.value(Metrics.BEHAVIOUR_RECOGNISED, figures.recognised.sum());
        sink.value(Metrics.BEHAVIOUR_DELAYS, figures.delayed.sum(), "waited");
        sink.value(Metrics.BEHAVIOUR_DELAYS, figures.undelayed.sum(), "refused");
        int waiting = 0;
        for (OnLoop loop : conducts.loops()) {
            waiting += loop.pauses.waiting();
        }
        sink.value(Metrics.BEHAVIOUR_WAITING, waiting);
        sink.value(
                Metrics.BEHAVIOUR_ACQUAINTANCES,
                conducts.acquaintances().census(Conducts.seconds(now)).keys());
        sink.value(Metrics.BEHAVIOUR_FAILURE_SHARE, conducts.siege().share(now));
        sink.value(Metrics.BEHAVIOUR_SIEGE, conducts.siege().on(rules.siege(), now) ? 1 : 0);
    }
}
