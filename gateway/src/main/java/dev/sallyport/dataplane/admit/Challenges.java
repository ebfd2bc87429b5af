package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.Headers;
import java.util.List;

/// Tells callers how to prove who they are (RFC 9110 §11.6.1), and where to learn more (RFC 9728 §5.1).
final class Challenges {
    private static final String FIELD = "www-authenticate";
    private static final Refusal MISSING =
            Refusal.of(401, "credential-missing", "Authentication required", "This resource needs a credential.");

    private Challenges() {}

    /// The refusal of a request without credential.
    static Refusal missing(List<Authenticator> authenticators, Exchange exchange) {
        return challenging(MISSING, authenticators, "", exchange);
    }

    /// `refusal` of a credential that counted once, which a client may replace (RFC 6750 §3.1).
    static Refusal ended(Refusal refusal, List<Authenticator> authenticators, Exchange exchange) {
        return challenging(refusal, authenticators, "error=\"invalid_token\"", exchange);
    }

    private static Refusal challenging(
            Refusal refusal, List<Authenticator> authenticators, String error, Exchange exchange) {
        Headers.Builder fields = new Headers.Builder();
        for (Authenticator authenticator : authenticators) {
            for (String challenge : authenticator.challenges()) {
                boolean says = !error.isEmpty() && isForTokens(challenge) && !challenge.contains("error=");
                fields.add(FIELD, withMetadata(says ? with(challenge, error) : challenge, exchange));
            }
        }
        return refusal.with(fields.build());
    }

    private static boolean isForTokens(String challenge) {
        return challenge.startsWith("Bearer") || challenge.startsWith("DPoP");
    }

    private static String with(String challenge, String parameter) {
        return challenge + (challenge.indexOf(' ') < 0 ? " " : ", ") + parameter;
    }

    /// `refusal`, whose challenges of token schemes also say where the resource's metadata is.
    static Refusal complete(Refusal refusal, Exchange exchange) {
        Headers fields = refusal.headers();
        Headers.Builder complete = new Headers.Builder();
        for (int i = 0; i < fields.count(); i++) {
            String value = fields.value(i);
            complete.add(fields.name(i), fields.nameIs(i, FIELD) ? withMetadata(value, exchange) : value);
        }
        return refusal.with(complete.build());
    }

    private static String withMetadata(String challenge, Exchange exchange) {
        if (!isForTokens(challenge) || challenge.contains("resource_metadata=")) {
            return challenge;
        }
        return with(challenge, "resource_metadata=\"" + exchange.publicUrl() + ResourceMetadata.PATH + '"');
    }
}
