package dev.sallyport.extension.authn.jose;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// Proves that the sender of a token is the one it was made for: by DPoP (RFC 9449) or its client certificate
/// (RFC 8705). An authenticator asks it after the token itself was verified.
public interface BoundCheck {
    /// The member of `cnf` that this check judges: `jkt`, `x5t#S256`.
    String confirmation();

    /// The scheme of `Authorization` that such tokens are shown with: `DPoP`, `Bearer`.
    String scheme();

    /// The value of `WWW-Authenticate` for a request without a token, such as `DPoP algs="ES256"`.
    List<String> challenges();

    /// Whether it compares what the sender says with the public URL of the request.
    default boolean needsPublicUrl() {
        return false;
    }

    /// Whether it goes by the client certificate of the connection.
    default boolean needsClientCertificate() {
        return false;
    }

    /// Request fields that belong to the proof and stay at the gateway, in lower case.
    default List<String> fields() {
        return List.of();
    }

    /// Whether the sender of `exchange` is whom `confirmation` names. On the exchange's event loop.
    ///
    /// @param scheme       of `Authorization` as compared: `Bearer` or `DPoP`
    /// @param token        as it was shown
    /// @param confirmation the members of `cnf`, with [#confirmation()] among them
    Proof check(Exchange exchange, String scheme, String token, Map<?, ?> confirmation);

    /// What a check found.
    sealed interface Proof {
        /// It is.
        Proof HELD = new Held();

        record Held() implements Proof {}

        /// It is not, or something has to be done first (`use_dpop_nonce`).
        record Refused(Refusal refusal) implements Proof {}

        /// Not known yet; a failure or null refuses.
        record Await(CompletionStage<Proof> proof) implements Proof {}
    }
}
