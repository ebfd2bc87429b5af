package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.behaviour.Signal;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.dataplane.behaviour.score.Acquaintances;
import dev.sallyport.dataplane.behaviour.score.Kind;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Salts;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.Network;
import java.util.concurrent.TimeUnit;

/// From where, and by what program, tokens are shown that anybody can show who has them. Where a token is seen first
/// is where it belongs; a stolen one turns up elsewhere.
///
/// What that counts for falls on those who show it from elsewhere, until they have done so for a while, and not on the
/// caller at home: a thief must not lock out the owner.
final class Tokens {
    private static final long TOKEN = Salts.of("token");
    private static final long NETWORK = Salts.of("token-network");
    private static final long CLIENT = Salts.of("token-client");

    /// After which a network is one of the caller's.
    private static final long SETTLED_SECONDS = TimeUnit.HOURS.toSeconds(1);

    private static final long LOOK_AGAIN_SECONDS = 60;

    private final Conducts conducts;
    private final Rules rules;
    private final boolean counts;

    Tokens(Conducts conducts, Rules rules) {
        this.conducts = conducts;
        this.rules = rules;
        this.counts = rules.lane(Signal.NEW_NETWORK_FOR_TOKEN, Kind.CALLER) != null
                || rules.lane(Signal.NEW_CLIENT_FOR_TOKEN, Kind.CALLER) != null;
    }

    /// Whether `caller` shows its token from elsewhere than it used to, or by another program. What is new is
    /// counted.
    ///
    /// @param looking whether nothing is to be noted or counted
    boolean strange(Exchange exchange, Principal caller, OnLoop own, boolean looking) {
        if (!counts || !isBearer(caller)) {
            return false;
        }
        OnLoop.Met met = own.met(exchange, caller);
        long seconds = Conducts.seconds(conducts.now());
        if (met.lookedAt != Long.MIN_VALUE && seconds - met.lookedAt < LOOK_AGAIN_SECONDS) {
            return !met.settled;
        }
        if (looking) {
            return false;
        }
        met.lookedAt = seconds;
        met.settled = look(exchange, caller, own, seconds);
        return !met.settled;
    }

    private boolean look(Exchange exchange, Principal caller, OnLoop own, long seconds) {
        Acquaintances known = conducts.acquaintances();
        KeyHash hash = own.hash;
        token(TOKEN, caller, hash).end();
        long first = known.since(hash.high(), hash.low(), seconds);
        if (first < 0) {
            known.seen(hash.high(), hash.low(), seconds);
        }
        token(NETWORK, caller, hash);
        Network.of(exchange.clientAddress())
                .addTo(hash, rules.networks().widerIpv4(), rules.networks().widerIpv6());
        hash.end();
        boolean at = settled(Signal.NEW_NETWORK_FOR_TOKEN, caller, own, first, seconds);
        client(exchange, token(CLIENT, caller, hash));
        hash.end();
        return settled(Signal.NEW_CLIENT_FOR_TOKEN, caller, own, first, seconds) && at;
    }

    /// Whether what was hashed has long been so, or from the first; what is new is counted.
    private boolean settled(Signal signal, Principal caller, OnLoop own, long first, long seconds) {
        Acquaintances known = conducts.acquaintances();
        long high = own.hash.high();
        long low = own.hash.low();
        long since = known.since(high, low, seconds);
        known.seen(high, low, seconds);
        if (first < 0) {
            return true;
        }
        if (since < 0) {
            conducts.figures().signal(signal).increment();
            conducts.blameCaller(caller, signal, rules, own);
            return false;
        }
        return since <= first || seconds - since >= SETTLED_SECONDS;
    }

    /// Tokens that whoever has them can show. API keys are used from many places at once, passwords are typed.
    private static boolean isBearer(Principal caller) {
        return switch (caller.credential().kind()) {
            case "jwt", "introspection", "oidc" -> !caller.claims().all().containsKey("cnf");
            default -> false;
        };
    }

    private static KeyHash token(long what, Principal caller, KeyHash hash) {
        Credential credential = caller.credential();
        hash.begin().add(what).add(caller.authenticator()).add(caller.id());
        String id = credential.id();
        if (id != null) {
            hash.add(id);
        } else {
            hash.add(credential.issuedAt()).add(credential.expiresAt());
        }
        return hash;
    }

    /// What program it is, as far as it can be told without trusting a word of it: protocols, cipher, and what it
    /// calls itself.
    private static void client(Exchange exchange, KeyHash hash) {
        ClientConnection connection = exchange.connection();
        String tls = connection.tlsVersion();
        String cipher = connection.cipher();
        hash.add(tls == null ? "" : tls).add(cipher == null ? "" : cipher);
        hash.add(exchange.request().version().label());
        String agent = exchange.request().headers().first(FieldName.USER_AGENT);
        hash.add(agent == null ? "" : agent);
    }
}
