package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x509.Extension;
import org.jspecify.annotations.Nullable;

/// What a responder says of one certificate, looked at before its signature: that it is about that certificate, made
/// for the question where it has to be, and neither old nor of the future (threat TL-05).
///
/// @param octets as they came
/// @param until when it ends
/// @param unknown whether the responder does not know the certificate
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
@OffLoop("virtual threads of the questions")
record OcspAnswer(byte[] octets, Instant until, boolean unknown) {
    private static final int UNAUTHORIZED = 6;
    private static final int STATUS_UNKNOWN = 2;
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// Reads what was answered to `request`; null when the responder says that it is not the one to ask.
    ///
    /// @throws IOException it is no answer to it, or none of now
    static @Nullable OcspAnswer read(byte[] octets, OcspRequest request, Instant now) throws IOException {
        try {
            OCSPResponse response = OCSPResponse.getInstance(octets);
            int status = response.getResponseStatus().getIntValue();
            if (status == UNAUTHORIZED) {
                return null;
            }
            ResponseBytes bytes = response.getResponseBytes();
            if (status != OCSPResponseStatus.SUCCESSFUL || bytes == null) {
                throw new IOException("the responder answers " + status + " (expected: 0, successful)");
            }
            if (!OCSPObjectIdentifiers.id_pkix_ocsp_basic.equals(bytes.getResponseType())) {
                throw new IOException("an answer of another type (expected: a basic one)");
            }
            ResponseData data = BasicOCSPResponse.getInstance(
                            bytes.getResponse().getOctets())
                    .getTbsResponseData();
            checkNonce(data, request);
            SingleResponse said = said(data, request);
            CertStatus standing = said.getCertStatus();
            return new OcspAnswer(octets, end(said, now), standing.getTagNo() == STATUS_UNKNOWN);
        } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw new IOException("an answer that is none of OCSP", e);
        }
    }

    private static void checkNonce(ResponseData data, OcspRequest request) throws IOException {
        Extension asked = request.nonce();
        if (asked == null) {
            return;
        }
        Extension repeated = data.getResponseExtensions() == null
                ? null
                : data.getResponseExtensions().getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (repeated == null || !asked.getExtnValue().equals(repeated.getExtnValue())) {
            throw new IOException("an answer without the number of the question");
        }
    }

    private static SingleResponse said(ResponseData data, OcspRequest request) throws IOException {
        SingleResponse found = null;
        for (int i = 0; i < data.getResponses().size(); i++) {
            SingleResponse one = SingleResponse.getInstance(data.getResponses().getObjectAt(i));
            if (request.isAbout(one.getCertID())) {
                if (found != null) {
                    throw new IOException("an answer that says two things of one certificate");
                }
                found = one;
            }
        }
        if (found == null) {
            throw new IOException("an answer about another certificate");
        }
        return found;
    }

    /// Until when `said` counts. Where it does not say so, newer information is there at any time (RFC 6960 §2.4).
    private static Instant end(SingleResponse said, Instant now) throws IOException {
        Instant begin = time(said.getThisUpdate());
        if (begin.isAfter(now.plus(TOLERANCE))) {
            throw new IOException("an answer of the future: " + begin);
        }
        Instant end = said.getNextUpdate() == null ? begin.plus(TOLERANCE) : time(said.getNextUpdate());
        if (!end.isAfter(now)) {
            throw new IOException("an answer that ended at " + end);
        }
        return end;
    }

    private static Instant time(ASN1GeneralizedTime time) throws IOException {
        try {
            return time.getDate().toInstant();
        } catch (ParseException e) {
            throw new IOException("a time that is none", e);
        }
    }
}
