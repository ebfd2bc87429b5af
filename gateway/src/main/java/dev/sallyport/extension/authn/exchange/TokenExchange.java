package dev.sallyport.extension.authn.exchange;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenDigests;
import dev.sallyport.remote.Fingerprint;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.Remembered;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// `token-exchange`: forwards a token that is made for the upstream in the place of the caller's (RFC 8693), so that
/// the upstream can use it nowhere else (threats OA-12, OA-16).
///
/// Whatever fails, the caller's own token stays here.
final class TokenExchange implements Policy, KeyInventory, MetricSource {
    /// Authenticators that prove callers by the token in `Authorization`: only that one says who the principal is.
    private static final Set<String> TOKEN_KINDS = Set.of("jwt", "introspection");

    /// A token is not used in its last seconds, so that it still counts when it arrives.
    private static final long MARGIN_SECONDS = 5;

    /// A token whose end is not told is used this long.
    private static final long UNKNOWN_LIFE_SECONDS = 30;

    private static final long DENIED_SECONDS = 5;

    private static final Decision NO_TOKEN = new Decision.Refuse(Refusal.of(
            403,
            "token-exchange-impossible",
            "Access denied",
            "The service behind this gateway needs a caller who shows an access token."));
    private static final Decision DENIED = new Decision.Refuse(Refusal.of(
            502,
            "token-exchange-denied",
            "No token for the service",
            "The authorization server issues no token for the service behind this gateway in exchange for yours."));

    private final String upstream;
    private final Duration cache;
    private final ExchangeQuestion question;
    private final Questions<Exchanged> questions;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final TokenDigests digests;
    private final Remembered<Exchanged> remembered;
    private final LongAdder fromMemory = new LongAdder();
    private final LongAdder issued = new LongAdder();
    private final LongAdder denied = new LongAdder();

    /// What it works with.
    ///
    /// @param clock for times in tokens
    /// @param nanos for its own, never stepping
    record Parts(ExchangeQuestion question, Questions<Exchanged> questions, InstantSource clock, LongSupplier nanos) {}

    /// @param upstream the configured name of whom tokens are for
    TokenExchange(String upstream, ExchangeConfig config, Parts parts, int loops) {
        this.upstream = upstream;
        this.cache = config.cache();
        this.question = parts.question();
        this.questions = parts.questions();
        this.clock = parts.clock();
        this.nanos = parts.nanos();
        this.digests = new TokenDigests(loops);
        this.remembered = new Remembered<>(config.tokens());
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public Decision decide(Exchange exchange) {
        exchange.requestEdits().remove("authorization");
        Principal caller = exchange.principal();
        if (caller == null) {
            return Decision.PROCEED;
        }
        ShownToken shown = ShownToken.of(exchange.request().headers());
        if (!shown.wellFormed() || !TOKEN_KINDS.contains(caller.credential().kind())) {
            return NO_TOKEN;
        }
        Fingerprint hash = digests.of(exchange.loop(), shown);
        Exchanged known = remembered.get(hash, nanos.getAsLong());
        if (known != null) {
            fromMemory.increment();
            return tell(exchange, known);
        }
        long callerEnds = caller.credential().expiresAt();
        CompletableFuture<Questions.Answer<Exchanged>> answer =
                questions.ask(hash, exchange.clientAddress(), () -> ask(hash, shown.text(), callerEnds));
        Questions.Answer<Exchanged> now = answer.getNow(null);
        return now != null
                ? tell(exchange, now)
                : new Decision.Await(answer.thenApplyAsync(found -> tell(exchange, found), exchange::execute));
    }

    private Exchanged ask(Fingerprint hash, String token, long callerEnds) throws IOException {
        long asked = nanos.getAsLong();
        long left = callerEnds - clock.instant().getEpochSecond();
        Exchanged exchanged = question.ask(token);
        (exchanged instanceof Exchanged.Issued ? issued : denied).increment();
        long seconds = switch (exchanged) {
            case Exchanged.Issued issued ->
                Math.min(
                        issued.lifeSeconds() == Exchanged.UNKNOWN
                                ? UNKNOWN_LIFE_SECONDS
                                : issued.lifeSeconds() - MARGIN_SECONDS,
                        left);
            case Exchanged.Denied() -> DENIED_SECONDS;
        };
        long until = asked
                + Math.min(
                        cache.toNanos(),
                        Duration.ofSeconds(Math.max(0, seconds)).toNanos());
        remembered.put(hash, exchanged, nanos.getAsLong(), until);
        return exchanged;
    }

    private static Decision tell(Exchange exchange, Questions.Answer<Exchanged> answer) {
        return switch (answer) {
            case Questions.Answer.Learnt<Exchanged> learnt -> tell(exchange, learnt.value());
            case Questions.Answer.Unknown<Exchanged> unknown -> new Decision.Refuse(unknown.refusal());
        };
    }

    private static Decision tell(Exchange exchange, Exchanged exchanged) {
        return switch (exchanged) {
            case Exchanged.Issued issued -> {
                exchange.requestEdits().add("authorization", issued.fieldValue());
                yield Decision.PROCEED;
            }
            case Exchanged.Denied() -> DENIED;
        };
    }

    @Override
    public List<KnownKey> knownKeys() {
        return question.knownKeys();
    }

    @Override
    public void collect(MetricSink sink) {
        sink.value(Metrics.TOKEN_EXCHANGE_TOKENS, fromMemory.sum(), upstream, "remembered");
        sink.value(Metrics.TOKEN_EXCHANGE_TOKENS, questions.asked(), upstream, "asked");
        sink.value(Metrics.TOKEN_EXCHANGE_TOKENS, questions.joined(), upstream, "joined");
        sink.value(Metrics.TOKEN_EXCHANGE_TOKENS, questions.refused(), upstream, "refused");
        sink.value(Metrics.TOKEN_EXCHANGE_ANSWERS, issued.sum(), upstream, "issued");
        sink.value(Metrics.TOKEN_EXCHANGE_ANSWERS, denied.sum(), upstream, "denied");
        sink.value(Metrics.TOKEN_EXCHANGE_ANSWERS, questions.failed(), upstream, "failed");
        questions.latencies().collect(sink, Metrics.TOKEN_EXCHANGE_DURATION, upstream);
        sink.value(Metrics.TOKEN_EXCHANGE_ACTIVE, questions.inFlight(), upstream);
        sink.value(Metrics.TOKEN_EXCHANGE_PAUSED, questions.givenUp() ? 1 : 0, upstream);
    }
}
