package dev.sallyport.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.testing.TestCertificates.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A responder of OCSP on a loopback port, which lies where a test wants it to.
public final class OcspResponder implements AutoCloseable {
    private static final String TYPE = "application/ocsp-response";

    private final HttpServer server;
    private final InstantSource clock;
    private final Map<BigInteger, CertificateStatus> standings = new ConcurrentHashMap<>();

    /// Serial numbers that it was asked about.
    public final List<BigInteger> asked = new CopyOnWriteArrayList<>();

    /// Who signs the answers.
    public volatile Issued signer;
    /// Who signs the answer about a serial number, where that differs.
    public volatile Function<BigInteger, @Nullable Issued> signerOf = serial -> null;
    public volatile Duration age = Duration.ofMinutes(1);
    /// How long the answers are good from now on; null when they do not say.
    public volatile @Nullable Duration left = Duration.ofHours(1);
    public volatile int httpStatus = 200;
    public volatile String type = TYPE;
    public volatile int status = OCSPRespBuilder.SUCCESSFUL;
    public volatile UnaryOperator<CertificateID> about = UnaryOperator.identity();
    /// What the answers call good beside what was asked about; null for nothing.
    public volatile @Nullable UnaryOperator<CertificateID> also;
    public volatile UnaryOperator<@Nullable Extension> nonce = UnaryOperator.identity();
    public volatile UnaryOperator<byte[]> octets = UnaryOperator.identity();

    private OcspResponder(Issued signer, InstantSource clock) throws IOException {
        this.signer = signer;
        this.clock = clock;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /// A responder that calls every certificate good and whose answers `signer` signs.
    public static OcspResponder start(Issued signer, InstantSource clock) {
        try {
            return new OcspResponder(signer, clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// Calls `certificate` revoked from now on.
    public void revoke(X509Certificate certificate) {
        Date before = Date.from(clock.instant().minusSeconds(60));
        standings.put(certificate.getSerialNumber(), new RevokedStatus(before, CRLReason.keyCompromise));
    }

    /// Does not know `certificate` from now on.
    public void forget(X509Certificate certificate) {
        standings.put(certificate.getSerialNumber(), new UnknownStatus());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] answer =
                    octets.apply(answer(new OCSPReq(exchange.getRequestBody().readAllBytes())));
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(httpStatus, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    private byte[] answer(OCSPReq request)
            throws OCSPException, OperatorCreationException, CertificateEncodingException, IOException {
        CertificateID id = request.getRequestList()[0].getCertID();
        asked.add(id.getSerialNumber());
        Issued other = signerOf.apply(id.getSerialNumber());
        Issued by = other == null ? signer : other;
        X509CertificateHolder own = new JcaX509CertificateHolder(by.certificate());
        BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(new RespID(X500Name.getInstance(own.getSubject())));
        Instant now = clock.instant();
        Duration end = left;
        builder.addResponse(
                about.apply(id),
                standings.get(id.getSerialNumber()),
                Date.from(now.minus(age)),
                end == null ? null : Date.from(now.plus(end)));
        UnaryOperator<CertificateID> more = also;
        if (more != null) {
            builder.addResponse(
                    more.apply(id), CertificateStatus.GOOD, Date.from(now), Date.from(now.plusSeconds(3600)));
        }
        Extension repeated = nonce.apply(request.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce));
        if (repeated != null) {
            builder.setResponseExtensions(new Extensions(repeated));
        }
        return new OCSPRespBuilder()
                .build(
                        status,
                        status != OCSPRespBuilder.SUCCESSFUL
                                ? null
                                : builder.build(
                                        new JcaContentSignerBuilder("SHA256withECDSA").build(by.key()),
                                        new X509CertificateHolder[] {own},
                                        Date.from(now)))
                .getEncoded();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
