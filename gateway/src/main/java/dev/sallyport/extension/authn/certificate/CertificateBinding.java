package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import dev.sallyport.extension.authn.jose.BoundCheck;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// Tokens bound to a client certificate (RFC 8705 §3): the client has to have proved that very certificate in the
/// handshake of the connection the token comes on (threat DP-11).
public final class CertificateBinding implements BoundCheck {
    private static final String CONFIRMATION = "x5t#S256";

    private static final Proof WITHOUT =
            refused("certificate-missing", "The token is bound to a client certificate, and this connection has none.");
    private static final Proof ANOTHER = refused(
            "certificate-binding", "The token is bound to another client certificate than that of this connection.");

    private static Proof refused(String code, String description) {
        Headers challenge = Headers.of(
                "www-authenticate", "Bearer error=\"invalid_token\", error_description=\"" + description + '"');
        return new Proof.Refused(
                Refusal.of(401, code, "Authentication failed", description).with(challenge));
    }

    @Override
    public String confirmation() {
        return CONFIRMATION;
    }

    @Override
    public String scheme() {
        return "Bearer";
    }

    @Override
    public List<String> challenges() {
        return List.of("Bearer");
    }

    @Override
    public boolean needsClientCertificate() {
        return true;
    }

    @Override
    public Proof check(Exchange exchange, String scheme, String token, Map<?, ?> confirmation) {
        List<X509Certificate> certificates = exchange.connection().certificates();
        if (certificates.isEmpty()) {
            return WITHOUT;
        }
        return Thumbprint.of(certificates.getFirst()).equals(confirmation.get(CONFIRMATION)) ? Proof.HELD : ANOTHER;
    }
}
