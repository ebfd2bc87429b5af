package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.remote.Fingerprint;
import dev.sallyport.remote.Questions;
import dev.sallyport.remote.Remembered;
import dev.sallyport.remote.Wording;
import dev.sallyport.telemetry.Event;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.telemetry.MetricSink;
import dev.sallyport.telemetry.Metrics;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// What a responder says of certificates, remembered for as long as it counts: most requests cost a look-up. Whoever
/// is not known to be good is refused (threat TL-05).
final class Ocsp implements AutoCloseable {
    private static final int MOST = 10_000;
    /// A responder may learn of a certificate at any moment.
    private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(5);
    private static final Headers SOON = Headers.of("retry-after", "1");
    private static final Wording WORDING = new Wording(
            ClientCertificate.REVOCATION_UNKNOWN.with(SOON),
            Refusal.of(503, "verification-busy", "Too busy to verify", "Too many credentials are being verified.")
                    .with(SOON),
            Refusal.of(
                            429,
                            "verification-limit",
                            "Too many credentials at once",
                            "Too many credentials of your network are being verified.")
                    .with(SOON),
            Event.OCSP_RESPONDER_FAILING,
            Event.OCSP_RESPONDER_RECOVERED);

    private final OcspQuestion question;
    private final Questions<RevocationLists.Standing> questions;
    private final Duration kept;
    private final LongSupplier nanos;
    private final Remembered<RevocationLists.Standing> standings = new Remembered<>(MOST);
    private final LongAdder remembered = new LongAdder();

    /// @param name of the authenticator
    /// @param nanos a clock that never steps
    Ocsp(String name, OcspConfig config, OcspQuestion question, EventLog log, Executor blocking, LongSupplier nanos) {
        this.question = question;
        this.kept = config.kept();
        this.nanos = nanos;
        this.questions =
                new Questions<>(name, log, blocking, nanos, config.limits().bounds(), WORDING);
    }

    /// What becomes of a caller whom the certificates of the exchange's connection prove; on its event loop.
    Authentication judge(Exchange exchange, Authentication.Proven proven) {
        List<X509Certificate> chain = exchange.connection().certificates();
        Fingerprint about = Thumbprint.fingerprint(chain.getFirst());
        RevocationLists.Standing known = standings.get(about, nanos.getAsLong());
        if (known != null) {
            remembered.increment();
            return said(known, proven);
        }
        CompletableFuture<Questions.Answer<RevocationLists.Standing>> answer =
                questions.ask(about, exchange.clientAddress(), () -> ask(about, chain));
        Questions.Answer<RevocationLists.Standing> now = answer.getNow(null);
        return now != null
                ? said(now, proven)
                : new Authentication.Await(answer.thenApplyAsync(found -> said(found, proven), exchange::execute));
    }

    private RevocationLists.Standing ask(Fingerprint about, List<X509Certificate> chain) throws IOException {
        long asked = nanos.getAsLong();
        OcspQuestion.Finding finding = question.ask(chain);
        Duration most = finding.standing() == RevocationLists.Standing.UNKNOWN ? UNKNOWN_KEPT : kept;
        Duration left = finding.left().compareTo(most) < 0 ? finding.left() : most;
        standings.put(about, finding.standing(), nanos.getAsLong(), asked + left.toNanos());
        return finding.standing();
    }

    private static Authentication said(
            Questions.Answer<RevocationLists.Standing> answer, Authentication.Proven proven) {
        return switch (answer) {
            case Questions.Answer.Learnt<RevocationLists.Standing> learnt -> said(learnt.value(), proven);
            case Questions.Answer.Unknown<RevocationLists.Standing> unknown ->
                new Authentication.BadCredential(unknown.refusal());
        };
    }

    private static Authentication said(RevocationLists.Standing standing, Authentication.Proven proven) {
        return switch (standing) {
            case GOOD -> proven;
            case REVOKED -> ClientCertificate.REVOKED;
            case UNKNOWN -> ClientCertificate.UNKNOWN;
        };
    }

    /// Whether a caller whom this let in is known to be revoked by now.
    boolean revoked(Principal caller) {
        String thumbprint = caller.credential().id();
        Fingerprint about = thumbprint == null ? null : Thumbprint.fingerprint(thumbprint);
        return about != null && standings.get(about, nanos.getAsLong()) == RevocationLists.Standing.REVOKED;
    }

    @Override
    public void close() {
        question.close();
    }

    /// @param owner the authenticator's name
    void collect(MetricSink sink, String owner) {
        sink.value(Metrics.OCSP_CERTIFICATES, remembered.sum(), owner, "remembered");
        sink.value(Metrics.OCSP_CERTIFICATES, questions.asked(), owner, "asked");
        sink.value(Metrics.OCSP_CERTIFICATES, questions.joined(), owner, "joined");
        sink.value(Metrics.OCSP_CERTIFICATES, questions.refused(), owner, "refused");
        sink.value(Metrics.OCSP_FAILURES, questions.failed(), owner);
        questions.latencies().collect(sink, Metrics.OCSP_DURATION, owner);
        sink.value(Metrics.OCSP_ACTIVE, questions.inFlight(), owner);
        sink.value(Metrics.OCSP_PAUSED, questions.givenUp() ? 1 : 0, owner);
    }
}
