package dev.sallyport.dataplane.behaviour.score;

import dev.sallyport.api.access.Strength;
import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.behaviour.Signal;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the configuration says of conduct. Immutable.
public final class Rules {
    /// How long a request waits at most: less than decisions may take.
    public static final long LONGEST_DELAY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// A key's score per signal is not counted higher than this many times what makes it hostile, so that who was
    /// refused for a while is not under suspicion for ever.
    private static final double MOST = 4;

    private final Lane[] lanes;
    private final Lane[] wider;
    private final Levels levels;
    private final Networks networks;
    private final Guesses guesses;
    private final Siege siege;
    private final int delayedAtMost;
    private final String[] credentialFields;
    private final Conduct trusted;

    /// What one signal counts.
    public record Weight(double weight, long halfLifeNanos) {}

    /// When a level begins, and what that means for limits, patience and proof.
    ///
    /// @param above       the score above which it begins
    /// @param limitFactor in thousandths
    /// @param delayNanos  how long requests wait at `above`, and longer with a higher score; 0 for not at all
    /// @param strength    how well callers must have proven who they are; null for as usual
    public record Terms(
            double above,
            int limitFactor,
            long delayNanos,
            @Nullable Strength strength) {}

    /// When somebody is trusted.
    ///
    /// @param below        the score below which it has to be
    /// @param afterSeconds how long ago it was first seen to do well
    public record Trust(double below, long afterSeconds, int limitFactor) {}

    /// Every level.
    ///
    /// @param refuseNanos how long who becomes hostile is refused, 0 for not at all
    public record Levels(
            Terms suspicious,
            Terms hostile,
            long refuseNanos,
            @Nullable Trust trusted) {}

    /// Leading bits of addresses.
    ///
    /// @param factor by what thresholds of wider networks are higher
    public record Networks(int ipv4, int ipv6, int widerIpv4, int widerIpv6, double factor) {}

    /// How guesses at one account are slowed down.
    ///
    /// @param above        the account's score above which attempts wait
    /// @param delayNanos   how long at first
    /// @param longestNanos how long at most
    public record Guesses(double above, long delayNanos, long longestNanos) {}

    /// When so much authentication fails that somebody must be trying credentials out.
    ///
    /// @param share      of attempts that fail, 0 to 1
    /// @param atLeast    failures within about a minute
    /// @param delayNanos how long attempts wait then
    public record Siege(double share, double atLeast, long delayNanos) {}

    /// @param signals those that count
    public Rules(Map<Signal, Weight> signals, Levels levels, Networks networks, Guesses guesses, Siege siege) {
        this(signals, levels, networks, guesses, siege, new Capacity(1000, List.of()));
    }

    /// What else there is to say.
    ///
    /// @param delayedAtMost    requests at once
    /// @param credentialFields request fields that carry credentials, in lower case
    public record Capacity(int delayedAtMost, List<String> credentialFields) {
        public Capacity {
            credentialFields = List.copyOf(credentialFields);
        }
    }

    /// @param signals those that count
    public Rules(
            Map<Signal, Weight> signals,
            Levels levels,
            Networks networks,
            Guesses guesses,
            Siege siege,
            Capacity capacity) {
        this.levels = levels;
        this.networks = networks;
        this.guesses = guesses;
        this.siege = siege;
        this.delayedAtMost = capacity.delayedAtMost;
        this.credentialFields = new TreeSet<>(capacity.credentialFields).toArray(String[]::new);
        this.lanes = lanes(signals, MOST * levels.hostile.above);
        this.wider = lanes(signals, MOST * levels.hostile.above * networks.factor);
        Trust trust = levels.trusted;
        this.trusted = new Conduct(Level.TRUSTED, 0, trust == null ? Conduct.WHOLE : trust.limitFactor);
    }

    private static Lane[] lanes(Map<Signal, Weight> signals, double most) {
        return signals.entrySet().stream()
                .filter(one -> one.getValue().weight > 0)
                .sorted(Map.Entry.comparingByKey())
                .map(one -> new Lane(one.getKey(), one.getValue().weight, one.getValue().halfLifeNanos, most))
                .toArray(Lane[]::new);
    }

    /// Whether `signal` is about where and by what tokens are shown.
    public static boolean roams(Signal signal) {
        return signal == Signal.NEW_NETWORK_FOR_TOKEN || signal == Signal.NEW_CLIENT_FOR_TOKEN;
    }

    public Lane[] lanes() {
        return lanes;
    }

    /// What `signal` of one of `kind` counts, null when it does not.
    @Nullable
    public Lane lane(Signal signal, Kind kind) {
        for (Lane lane : kind == Kind.NETWORK ? wider : lanes) {
            if (lane.signal() == signal) {
                return lane;
            }
        }
        return null;
    }

    public Levels levels() {
        return levels;
    }

    public Networks networks() {
        return networks;
    }

    public Guesses guesses() {
        return guesses;
    }

    public Siege siege() {
        return siege;
    }

    public int delayedAtMost() {
        return delayedAtMost;
    }

    public String[] credentialFields() {
        return credentialFields;
    }

    /// Whether anybody can be trusted.
    public boolean trusts() {
        return levels.trusted != null;
    }

    /// Whether requests wait because of their level.
    public boolean delays() {
        return levels.suspicious.delayNanos > 0 || levels.hostile.delayNanos > 0;
    }

    /// The score of what was read.
    ///
    /// @param strange whether the caller shows a token from elsewhere, or otherwise than it does as a rule
    /// @param factor  by which thresholds are higher
    public double score(Reading read, boolean strange, double factor) {
        double mild = read.mild + (strange ? read.roaming : 0);
        double score = read.grave + Math.min(mild, levels.hostile.above * factor / 2);
        return read.crowded ? Math.max(score, levels.suspicious.above * factor + 1) : score;
    }

    /// The level of a score, of who is refused for `refusedFor` nanoseconds.
    public Level level(double score, double factor, long refusedFor) {
        if (refusedFor > 0) {
            return Level.HOSTILE;
        }
        if (score > levels.hostile.above * factor) {
            // who was refused long enough may try again, with little credit
            return levels.refuseNanos > 0 ? Level.SUSPICIOUS : Level.HOSTILE;
        }
        return score > levels.suspicious.above * factor ? Level.SUSPICIOUS : Level.NORMAL;
    }

    /// Whether a key with this score is to be refused from now on.
    public boolean condemns(double score, double factor) {
        return levels.refuseNanos > 0 && score > levels.hostile.above * factor;
    }

    /// Whether someone with this score, who did well first at `since` (seconds, as is `now`), is trusted.
    public boolean trusts(double score, long since, long now) {
        Trust trust = levels.trusted;
        return trust != null && since >= 0 && score < trust.below && now - since >= trust.afterSeconds;
    }

    private @Nullable Terms terms(Level level) {
        return switch (level) {
            case SUSPICIOUS -> levels.suspicious;
            case HOSTILE -> levels.hostile;
            case TRUSTED, NORMAL -> null;
        };
    }

    /// What a request is told of those behind it.
    public Conduct conduct(Level level, double score) {
        if (level == Level.TRUSTED) {
            return score == 0 ? trusted : new Conduct(level, score, trusted.limitFactor());
        }
        Terms terms = terms(level);
        if (terms == null) {
            return score == 0 ? Conduct.UNKNOWN : new Conduct(level, score, Conduct.WHOLE);
        }
        return new Conduct(level, score, terms.limitFactor);
    }

    /// How long requests of `conduct` wait: longer, the worse it is.
    public long delay(Conduct conduct) {
        Terms terms = terms(conduct.level());
        return terms == null ? 0 : growing(terms.delayNanos, conduct.score() / terms.above, LONGEST_DELAY_NANOS);
    }

    /// `nanos` for what is just enough, and so many times as much for so many times that.
    public static long growing(long nanos, double times, long longest) {
        return (long) Math.min((double) longest, nanos * Math.max(1, times));
    }

    /// How well callers of `level` must have proven who they are, null for as usual.
    @Nullable
    public Strength strength(Level level) {
        Terms terms = terms(level);
        return terms == null ? null : terms.strength;
    }
}
