/// Client certificates: the caller they prove (`ClientCertificate`), the tokens that are bound to them
/// (`CertificateBinding`), and telling upstreams of them (`ClientCertField`). Always those of the TLS session of the
/// connection; nothing here reads a field.
@NullMarked
package dev.sallyport.extension.authn.certificate;

import org.jspecify.annotations.NullMarked;
