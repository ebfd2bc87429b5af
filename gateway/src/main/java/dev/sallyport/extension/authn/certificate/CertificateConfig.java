package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OffLoop;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How client certificates prove callers.
@Doc("The certificate that a client proved in the TLS handshake; never one that a header field claims. "
        + "A listener has to ask for it with `client-certificate`.")
@OffLoop("read when the configuration is compiled")
public record CertificateConfig(
        @Doc("Who the caller is.") @Default("{}") Caller principal,

        @Doc("Which ids are taken: whole ones, `PREFIX/*` such as `spiffe://prod.example.com/*`, or `*.SUFFIX` such as "
                + "`*.internal`. Left out: all.")
        @Matches(value = "[^*]+|[^*]+/\\*|\\*\\.[^*]+", expected = "an id, PREFIX/* or *.SUFFIX")
        @Default("[]")
        List<String> allow,

        @Doc("Authorities, in PEM, whose certificates are taken; of those that the listener trusts. They also verify "
                + "revocation lists and answers of responders. Left out: all that the listener trusts.")
        @Nullable
        Path trust,

        @Doc("Revocation lists. Left out: nothing is looked up in lists.") @Nullable
        Crl crl,

        @Doc("A responder that is asked which certificates are revoked, besides the lists. Left out: none is.")
        @Nullable
        OcspConfig ocsp) {
    public CertificateConfig {
        if (crl != null && trust == null) {
            throw new IllegalArgumentException(
                    "trust: missing (expected: the authorities that sign the lists of `crl`)");
        }
        if (ocsp != null && trust == null) {
            throw new IllegalArgumentException(
                    "trust: missing (expected: the authorities whose certificates are asked about)");
        }
        allow = List.copyOf(allow);
    }

    /// Who the caller is.
    @Doc("Who the caller is.")
    public record Caller(
            @Doc("Where the id is taken from. There has to be exactly one of its kind in the certificate.")
            @Default("san.uri")
            IdSource id,

            @Doc("Roles of every caller that this proves.") @Default("[]")
            List<String> roles) {
        public Caller {
            roles = List.copyOf(roles);
        }
    }

    /// Certificate revocation lists.
    @Doc("Certificate revocation lists (RFC 5280). The files are watched and read again when they change.")
    public record Crl(
            @Doc("Complete lists, in PEM or DER, signed by one of `trust`.")
            List<Path> files,

            @Doc("Whether a certificate is refused (503) while there is no current list of its issuer.")
            @Default("true")
            boolean required) {
        public Crl {
            if (files.isEmpty()) {
                throw new IllegalArgumentException("files: none (expected: at least one)");
            }
            files = List.copyOf(files);
        }
    }
}
