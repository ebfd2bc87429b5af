package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.api.plugin.LongLived;
import dev.sallyport.extension.authn.jose.ShownToken;
import dev.sallyport.extension.authn.jose.TokenDigests;
import dev.sallyport.extension.authn.jose.TokenFault;
import dev.sallyport.extension.authn.sender.Senders;
import dev.sallyport.extension.authn.sender.TokenRefusals;
import dev.sallyport.remote.Fingerprint;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.Remembered;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.MetricSource;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// `kind: introspection`: proves callers by asking the authorization server about their token (RFC 7662), and
/// remembers what it said for a short time, so that most requests cost a hash and a look-up.
///
/// A server that cannot be asked, or does not answer as it must, lets nobody in: 503 (threats OA-13 to OA-15).
final class Introspection implements Authenticator, LongLived, KeyInventory, MetricSource {
    private final String name;
    private final IntrospectionConfig config;
    private final TokenQuestion question;
    private final Questions<Finding> questions;
    private final Senders senders;
    private final TokenRefusals refusals;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final TokenDigests digests;
    private final Remembered<Finding.Good> good;
    private final Remembered<Finding.Bad> bad;
    private final LongAdder remembered = new LongAdder();

    /// What it works with.
    ///
    /// @param clock for times in tokens
    /// @param nanos for its own, never stepping
    record Parts(
            TokenQuestion question,
            Questions<Finding> questions,
            Senders senders,
            InstantSource clock,
            LongSupplier nanos) {}

    Introspection(String name, IntrospectionConfig config, Parts parts, int loops) {
        this.name = name;
        this.config = config;
        this.question = parts.question();
        this.questions = parts.questions();
        this.senders = parts.senders();
        this.refusals = senders.refusals();
        this.clock = parts.clock();
        this.nanos = parts.nanos();
        this.digests = new TokenDigests(loops);
        this.good = new Remembered<>(config.cache().tokens());
        this.bad = new Remembered<>(config.cache().tokens() / 10);
    }

    @Override
    public @Nullable Set<String> roles() {
        return config.principal().possibleRoles();
    }

    @Override
    public List<String> challenges() {
        return senders.challenges();
    }

    @Override
    public Set<String> credentialFields() {
        return senders.fields();
    }

    @Override
    public boolean needsPublicUrl() {
        return senders.needsPublicUrl();
    }

    @Override
    public boolean needsClientCertificate() {
        return senders.needsClientCertificate();
    }

    @Override
    public List<String> authorizationServers() {
        return config.issuer() == null ? List.of() : List.of(config.issuer());
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        ShownToken shown = ShownToken.of(exchange.request().headers());
        if (shown.scheme() == ShownToken.Scheme.NONE || shown.scheme() == ShownToken.Scheme.OTHER) {
            return Authentication.NO_CREDENTIAL;
        }
        if (shown.scheme() == ShownToken.Scheme.MALFORMED || !shown.wellFormed()) {
            return refusals.malformedRequest();
        }
        if (!config.token().fits(shown)) {
            return refusals.unclaimed(shown.scheme(), TokenFault.INACTIVE);
        }
        Fingerprint hash = digests.of(exchange.loop(), shown);
        Finding known = known(hash, nanos.getAsLong());
        if (known != null) {
            remembered.increment();
            return judge(exchange, shown, known);
        }
        CompletableFuture<Questions.Answer<Finding>> answer =
                questions.ask(hash, exchange.clientAddress(), () -> ask(hash, shown.text()));
        Questions.Answer<Finding> now = answer.getNow(null);
        return now != null
                ? judge(exchange, shown, now)
                : new Authentication.Await(
                        answer.thenApplyAsync(found -> judge(exchange, shown, found), exchange::execute));
    }

    private @Nullable Finding known(Fingerprint hash, long now) {
        Finding known = good.get(hash, now);
        return known == null ? bad.get(hash, now) : known;
    }

    /// Asks, and remembers the answer from the moment of the question: what the server says later is not in it.
    private Finding ask(Fingerprint hash, String token) throws IOException {
        long asked = nanos.getAsLong();
        Finding finding = question.ask(token);
        long now = nanos.getAsLong();
        switch (finding) {
            case Finding.Good found ->
                good.put(hash, found, now, asked + config.cache().positive().toNanos());
            case Finding.Bad found ->
                bad.put(hash, found, now, asked + config.cache().negative().toNanos());
        }
        return finding;
    }

    private Authentication judge(Exchange exchange, ShownToken shown, Questions.Answer<Finding> answer) {
        return switch (answer) {
            case Questions.Answer.Learnt<Finding> learnt -> judge(exchange, shown, learnt.value());
            case Questions.Answer.Unknown<Finding> unknown -> new Authentication.BadCredential(unknown.refusal());
        };
    }

    private Authentication judge(Exchange exchange, ShownToken shown, Finding finding) {
        return switch (finding) {
            case Finding.Bad found -> refusals.bad(shown.scheme(), found.fault());
            case Finding.Good found -> {
                Principal caller = found.principal();
                yield caller.credential().expired(clock.instant().getEpochSecond())
                        ? refusals.bad(shown.scheme(), TokenFault.EXPIRED)
                        : senders.prove(exchange, shown, found);
            }
        };
    }

    @Override
    public List<KnownKey> knownKeys() {
        return question.knownKeys();
    }

    @Override
    public CompletionStage<?> start() {
        return question.start();
    }

    @Override
    public void close() {
        question.close();
    }

    @Override
    public void collect(MetricSink sink) {
        question.collect(sink, name);
        sink.value(Metrics.INTROSPECTION_TOKENS, remembered.sum(), name, "remembered");
        sink.value(Metrics.INTROSPECTION_TOKENS, questions.asked(), name, "asked");
        sink.value(Metrics.INTROSPECTION_TOKENS, questions.joined(), name, "joined");
        sink.value(Metrics.INTROSPECTION_TOKENS, questions.refused(), name, "refused");
        sink.value(Metrics.INTROSPECTION_FAILURES, questions.failed(), name);
        questions.latencies().collect(sink, Metrics.INTROSPECTION_DURATION, name);
        sink.value(Metrics.INTROSPECTION_ACTIVE, questions.inFlight(), name);
        sink.value(Metrics.INTROSPECTION_PAUSED, questions.givenUp() ? 1 : 0, name);
    }
}
