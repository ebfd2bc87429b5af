package dev.sallyport.dataplane.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The certificates of a listener by server name (RFC 6066 §3): the name itself, then the wildcard of its parent.
/// The table never grows (threat TL-03).
final class CertificateTable {
    private final Map<String, Entry> byName = new HashMap<>();
    private final @Nullable Entry unknown;
    private final @Nullable Entry unnamed;

    /// The certificates for a name, one for each kind of key.
    record Entry(@Nullable KeyPairCertificate ec, @Nullable KeyPairCertificate rsa) {
        static Entry of(KeyPairCertificate certificate) {
            return certificate.isEc() ? new Entry(certificate, null) : new Entry(null, certificate);
        }

        Entry or(Entry other) {
            return new Entry(ec != null ? ec : other.ec, rsa != null ? rsa : other.rsa);
        }
    }

    CertificateTable(List<KeyPairCertificate> certificates, ServerTlsSettings.UnknownName unknownName) {
        Entry forAddress = null;
        for (KeyPairCertificate certificate : certificates) {
            Entry entry = Entry.of(certificate);
            for (String name : certificate.serverNames()) {
                byName.merge(name, entry, Entry::or);
            }
            if (forAddress == null && certificate.hasAddress()) {
                forAddress = entry;
            }
        }
        unknown = switch (unknownName) {
            case REFUSE -> null;
            case FIRST_CERTIFICATE -> Entry.of(certificates.getFirst());
        };
        unnamed = forAddress != null ? forAddress : unknown;
    }

    int size() {
        return byName.size();
    }

    /// The certificates for a client that asked for `name`, null when it gave none; null when it is to be refused.
    @Nullable
    Entry find(@Nullable String name) {
        if (name == null) {
            return unnamed;
        }
        String canonical = name.toLowerCase(Locale.ROOT);
        if (canonical.endsWith(".")) {
            canonical = canonical.substring(0, canonical.length() - 1);
        }
        Entry exact = byName.get(canonical);
        if (exact != null) {
            return exact;
        }
        int dot = canonical.indexOf('.');
        Entry wildcard = dot > 0 ? byName.get("*" + canonical.substring(dot)) : null;
        return wildcard != null ? wildcard : unknown;
    }
}
