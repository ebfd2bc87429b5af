package dev.sallyport.dataplane.admit;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.access.Strength;
import dev.sallyport.api.access.Verdict;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells callers how to prove who they are (RFC 9110 §11.6.1), and where to learn more (RFC 9728 §5.1).
final class Challenges {
    private static final String FIELD = "www-authenticate";
    private static final Refusal MISSING =
            Refusal.of(401, "credential-missing", "Authentication required", "This resource needs a credential.");

    static final Refusal REVOKED = Refusal.of(
            401, "credential-revoked", "Authentication failed", "The credential was revoked; get a new one.");
    static final Refusal EXPIRED = Refusal.of(
            401, "credential-expired", "Authentication failed", "The credential has expired; get a new one.");

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

    /// The refusal of a caller that has to prove more than it did, by the scheme in which it did: insufficient scope
    /// (RFC
    /// 6750 §3.1), insufficient authentication (RFC 9470 §3). Where that scheme has no words for it, 401 names the
    /// schemes of all.
    static Refusal wanting(
            Verdict.Prove wanted, Authenticator own, List<Authenticator> authenticators, Exchange exchange) {
        Refusal refusal = wanted.reason();
        String parameters = parameters(wanted);
        Headers.Builder fields = new Headers.Builder();
        String challenge = tokenChallenge(own, exchange);
        if (challenge != null && !parameters.isEmpty()) {
            fields.add(FIELD, withMetadata(with(scheme(challenge), parameters), exchange));
        } else if (refusal.status() == 401) {
            List<Authenticator> those = own.challenges().isEmpty() ? authenticators : List.of(own);
            return challenging(refusal, those, parameters, exchange);
        }
        return refusal.with(fields.build());
    }

    private static String parameters(Verdict.Prove wanted) {
        Strength strength = wanted.strength();
        if (!wanted.scopes().isEmpty()) {
            return "error=\"insufficient_scope\", scope=\"" + String.join(" ", wanted.scopes()) + '"';
        }
        if (strength == null) {
            return "";
        }
        StringBuilder text = new StringBuilder("error=\"insufficient_user_authentication\"");
        if (!strength.classes().isEmpty()) {
            text.append(", acr_values=\"").append(strength.acrValues()).append('"');
        }
        if (strength.maxAgeSeconds() >= 0) {
            text.append(", max_age=\"").append(strength.maxAgeSeconds()).append('"');
        }
        return text.toString();
    }

    /// The challenge of the scheme in which the caller showed its token; null when it showed none.
    private static @Nullable String tokenChallenge(Authenticator own, Exchange exchange) {
        String shown = exchange.request().headers().first(FieldName.AUTHORIZATION);
        if (shown == null) {
            return null;
        }
        for (String challenge : own.challenges()) {
            String scheme = scheme(challenge);
            if (isForTokens(challenge)
                    && shown.length() > scheme.length()
                    && shown.charAt(scheme.length()) == ' '
                    && shown.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return challenge;
            }
        }
        return null;
    }

    private static String scheme(String challenge) {
        int space = challenge.indexOf(' ');
        return space < 0 ? challenge : challenge.substring(0, space);
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
