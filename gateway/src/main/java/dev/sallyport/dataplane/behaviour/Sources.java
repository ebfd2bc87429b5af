package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Level;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.dataplane.behaviour.score.Board;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Reading;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Salts;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.Network;

/// Looks up what is known of where a request comes from. It changes nothing. On the exchange's loop.
final class Sources {
    private static final long WELL = Salts.of("well");

    private final Conducts conducts;
    private final Rules rules;

    Sources(Conducts conducts, Rules rules) {
        this.conducts = conducts;
        this.rules = rules;
    }

    /// What is known of the source of `exchange`.
    Sighting look(Exchange exchange) {
        long now = conducts.now();
        Board addresses = conducts.board(Kind.ADDRESS);
        Board networks = conducts.board(Kind.NETWORK);
        boolean loud = !addresses.quiet(now) || !networks.quiet(now);
        if (!loud && !rules.trusts()) {
            return Sighting.NOTHING;
        }
        OnLoop own = conducts.on(exchange.loop());
        Network network = Network.of(exchange.clientAddress());
        Sighting found = loud ? look(exchange, own, network, now) : Sighting.NOTHING;
        if (found.level() == Level.NORMAL && rules.trusts()) {
            well(network, rules, own.hash);
            long seconds = Conducts.seconds(now);
            long since = conducts.acquaintances().since(own.hash.high(), own.hash.low(), seconds);
            if (rules.trusts(found.score(), since, seconds)) {
                return new Sighting(Level.TRUSTED, found.score(), 0, false, false);
            }
        }
        return found;
    }

    private Sighting look(Exchange exchange, OnLoop own, Network network, long now) {
        Reading read = own.reading;
        Conducts.address(network, rules, own.hash);
        conducts.board(Kind.ADDRESS).read(own.hash.high(), own.hash.low(), rules, now, read);
        double score = rules.score(read, false, 1);
        long refused = Math.max(read.refusedFor, read.bannedFor);
        boolean banned = read.bannedFor > 0;
        Level level = rules.level(score, 1, refused);

        double factor = rules.networks().factor();
        Conducts.wider(network, rules, own.hash);
        conducts.board(Kind.NETWORK).read(own.hash.high(), own.hash.low(), rules, now, read);
        double around = rules.score(read, false, factor);
        long refusedAround = Math.max(read.refusedFor, read.bannedFor);
        level = level.orWorse(rules.level(around, factor, refusedAround));
        refused = Math.max(refused, refusedAround);
        banned |= read.bannedFor > 0;
        // told in the terms of one address
        score = Math.max(score, around / factor);

        if (level == Level.NORMAL) {
            return score == 0 ? Sighting.NOTHING : new Sighting(level, score, 0, false, false);
        }
        return new Sighting(level, score, refused, banned, recognised(exchange, own, network));
    }

    /// Whether the request shows a credential that did well from the same network before, or a token, on a
    /// connection whose caller did nothing but well: tokens are renewed, and cannot be guessed.
    private boolean recognised(Exchange exchange, OnLoop own, Network network) {
        boolean shows = Credentials.hash(exchange, rules, network, own.hash);
        return shows
                && ((exchange.connection().didWell() && Credentials.isToken(exchange))
                        || conducts.acquaintances()
                                        .since(own.hash.high(), own.hash.low(), Conducts.seconds(conducts.now()))
                                >= 0);
    }

    /// Hashes `network` as one whose callers do well.
    static void well(Network network, Rules rules, KeyHash hash) {
        hash.begin().add(WELL);
        network.addTo(hash, rules.networks().ipv4(), rules.networks().ipv6());
        hash.end();
    }
}
