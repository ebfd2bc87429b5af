package dev.sallyport.dataplane.behaviour;

import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.http.FieldName;
import dev.sallyport.api.http.Headers;
import dev.sallyport.dataplane.behaviour.score.Rules;
import dev.sallyport.dataplane.behaviour.score.Salts;
import dev.sallyport.dataplane.limit.KeyHash;
import dev.sallyport.dataplane.limit.Network;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;

/// A credential as it was shown, as a number; nothing else of it is kept. What changes with every request, such as a
/// DPoP proof, is no part of it, and of cookies the gateway's own only.
final class Credentials {
    private static final long SHOWN = Salts.of("shown");
    private static final String[] COOKIES = {"sallyport-", "__host-sallyport-", "__secure-sallyport-"};

    private Credentials() {}

    /// Hashes what `exchange` shows, together with the network it shows it from; false when it shows nothing.
    static boolean hash(Exchange exchange, Rules rules, Network network, KeyHash hash) {
        hash.begin().add(SHOWN);
        network.addTo(hash, rules.networks().ipv4(), rules.networks().ipv6());
        boolean any = fields(exchange.request().headers(), rules.credentialFields(), hash);
        any |= cookies(exchange.request().headers(), hash);
        List<X509Certificate> certificates = exchange.connection().certificates();
        if (!certificates.isEmpty()) {
            // nobody has another certificate with the same signature of the same issuer
            byte[] signature = certificates.getFirst().getSignature();
            for (byte octet : signature) {
                hash.add(octet);
            }
            any = true;
        }
        hash.end();
        return any;
    }

    /// Whether it is a token that `exchange` shows.
    static boolean isToken(Exchange exchange) {
        String shown = exchange.request().headers().first(FieldName.AUTHORIZATION);
        return shown != null
                && (shown.regionMatches(true, 0, "Bearer ", 0, 7) || shown.regionMatches(true, 0, "DPoP ", 0, 5));
    }

    private static boolean fields(Headers headers, String[] names, KeyHash hash) {
        boolean any = false;
        for (String name : names) {
            for (int i = headers.indexOf(name, 0); i >= 0; i = headers.indexOf(name, i + 1)) {
                hash.add(name).add(headers.value(i));
                any = true;
            }
        }
        return any;
    }

    private static boolean cookies(Headers headers, KeyHash hash) {
        boolean any = false;
        for (int i = headers.indexOf(FieldName.COOKIE); i >= 0; i = headers.indexOf(FieldName.COOKIE, i + 1)) {
            String field = headers.value(i);
            for (int at = 0; at < field.length(); ) {
                int semicolon = field.indexOf(';', at);
                int end = semicolon < 0 ? field.length() : semicolon;
                String pair = field.substring(at, end).strip();
                String lower = pair.toLowerCase(Locale.ROOT);
                for (String prefix : COOKIES) {
                    if (lower.startsWith(prefix)) {
                        hash.add(pair);
                        any = true;
                    }
                }
                at = end + 1;
            }
        }
        return any;
    }
}
