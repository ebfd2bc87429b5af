package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.access.Authorizer;
import dev.sallyport.api.access.Explanation;
import dev.sallyport.api.access.Explanation.Answer;
import dev.sallyport.api.access.Explanation.Finding;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.behaviour.Conduct;
import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.authorize.Requirement;
import dev.sallyport.dataplane.behaviour.score.Acquaintances;
import dev.sallyport.dataplane.behaviour.score.Board;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Reading;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Salts;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says whether the conduct of a proven caller speaks against it: it is asked before every other authorizer and again
/// every second while the exchange lasts. It never speaks for anybody: its allowance is no reason to let somebody in.
///
/// The conduct of a network counts for those in it that are not known better. Who did well from there before is judged
/// by
/// its own, so that one bad neighbour harms nobody.
public final class Standing implements Authorizer {
    static final String RULE = "behaviour";

    private static final Verdict NOTHING_AGAINST = new Verdict.Allow("");
    private static final Refusal PROVE_MORE = Refusal.of(
            401,
            "behaviour-strength",
            "Stronger authentication required",
            "A stronger or more recent authentication is needed now.");
    private static final long CALLER = Salts.of("caller");

    private final Conducts conducts;
    private final Rules rules;
    private final Sources sources;
    private final Tokens tokens;

    public Standing(Conducts conducts, Rules rules) {
        this.conducts = conducts;
        this.rules = rules;
        this.sources = new Sources(conducts, rules);
        this.tokens = new Tokens(conducts, rules);
    }

    @Override
    public Verdict judge(Exchange exchange) {
        return judge(exchange, false);
    }

    @Override
    public int holdsForSeconds() {
        return 1;
    }

    @Override
    public String text() {
        return "conduct";
    }

    @Override
    public Explanation explain(Exchange exchange) {
        Verdict verdict = judge(exchange, true);
        Conduct conduct = exchange.conduct();
        return new Explanation(
                verdict,
                List.of(new Finding(
                        RULE,
                        verdict instanceof Verdict.Allow ? Answer.YES : Answer.NO,
                        conduct.level().label() + ", score " + Math.round(conduct.score()),
                        List.of())));
    }

    /// @param looking whether nothing is to be noted or counted
    private Verdict judge(Exchange exchange, boolean looking) {
        boolean goesOn = !exchange.admittedBy().isEmpty();
        Sighting known = exchange.get(Sighting.OF);
        Sighting source = goesOn ? sources.look(exchange) : known == null ? Sighting.NOTHING : known;
        OnLoop own = conducts.on(exchange.loop());
        if (source.refused()) {
            return new Verdict.Deny(own.refusing.refuse(exchange, source.refusedFor()), RULE);
        }
        Principal caller = exchange.principal();
        return caller == null ? NOTHING_AGAINST : judge(exchange, caller, source, own, looking || goesOn);
    }

    private Verdict judge(Exchange exchange, Principal caller, Sighting source, OnLoop own, boolean looking) {
        boolean strange = tokens.strange(exchange, caller, own, looking);
        double score = 0;
        long refused = 0;
        Level level = Level.NORMAL;
        long now = conducts.now();
        Board callers = conducts.board(Kind.CALLER);
        if (!callers.quiet(now)) {
            Reading read = own.reading;
            Conducts.caller(caller, own.hash);
            callers.read(own.hash.high(), own.hash.low(), rules, now, read);
            score = rules.score(read, strange, 1);
            refused = Math.max(read.refusedFor, read.bannedFor);
            level = rules.level(score, 1, refused);
        }
        if (level == Level.NORMAL && rules.trusts() && trusted(exchange, caller, score, own, now)) {
            level = Level.TRUSTED;
        }
        Level around = source.effective();
        if (around.worseThan(Level.NORMAL) && !knownFromThere(exchange, caller, own, now)) {
            level = level.orWorse(around);
            score = Math.max(score, source.score());
        }
        exchange.conduct(rules.conduct(level, score));
        if (refused > 0) {
            if (!looking) {
                conducts.figures().refused(Kind.CALLER).increment();
            }
            return new Verdict.Deny(own.refusing.refuse(exchange, refused), RULE);
        }
        Strength strength = rules.strength(level);
        return strength == null || new Requirement.Proven(strength).isMetBy(exchange, caller)
                ? NOTHING_AGAINST
                : new Verdict.Prove(PROVE_MORE, RULE, strength, List.of());
    }

    private boolean trusted(Exchange exchange, Principal caller, double score, OnLoop own, long now) {
        OnLoop.Met met = own.met(exchange, caller);
        long seconds = Conducts.seconds(now);
        if (met.since < 0) {
            hash(caller, null, own.hash);
            met.since = conducts.acquaintances().since(own.hash.high(), own.hash.low(), seconds);
        }
        return rules.trusts(score, met.since, seconds);
    }

    private boolean knownFromThere(Exchange exchange, Principal caller, OnLoop own, long now) {
        hash(caller, Network.of(exchange.clientAddress()), own.hash);
        return conducts.acquaintances().since(own.hash.high(), own.hash.low(), Conducts.seconds(now)) >= 0;
    }

    /// Hashes `caller` as one that does well.
    ///
    /// @param from where; null for anywhere
    private void hash(Principal caller, @Nullable Network from, KeyHash hash) {
        hash.begin().add(CALLER).add(caller.authenticator()).add(caller.id());
        if (from != null) {
            from.addTo(hash, rules.networks().ipv4(), rules.networks().ipv6());
        }
        hash.end();
    }

    /// Notes that `caller` did well, and with it its network and the credential it shows; once a minute and
    /// connection.
    void didWell(Exchange exchange, Principal caller) {
        OnLoop own = conducts.on(exchange.loop());
        OnLoop.Met met = own.met(exchange, caller);
        long seconds = Conducts.seconds(conducts.now());
        if (met.notedAt != Long.MIN_VALUE && seconds - met.notedAt < 60) {
            return;
        }
        met.notedAt = seconds;
        Acquaintances acquaintances = conducts.acquaintances();
        Network network = Network.of(exchange.clientAddress());
        if (Credentials.hash(exchange, rules, network, own.hash)) {
            acquaintances.seen(own.hash.high(), own.hash.low(), seconds);
        }
        hash(caller, network, own.hash);
        acquaintances.seen(own.hash.high(), own.hash.low(), seconds);
        hash(caller, null, own.hash);
        met.since = acquaintances.seen(own.hash.high(), own.hash.low(), seconds);
        Sources.well(network, rules, own.hash);
        acquaintances.seen(own.hash.high(), own.hash.low(), seconds);
        exchange.connection().didWell(isOwn(exchange));
    }

    /// Whether nobody else's requests come on this connection, as they do from a proxy.
    private static boolean isOwn(Exchange exchange) {
        return exchange.clientAddress().equals(exchange.connection().peer().getAddress());
    }
}
