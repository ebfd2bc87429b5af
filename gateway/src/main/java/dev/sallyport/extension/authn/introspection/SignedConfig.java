package dev.sallyport.extension.authn.introspection;

import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.UrlOrFile;

/// Answers that are JWTs.
@Doc("Answers are signed JWTs (RFC 9701), which hold although something between may change them; others are not taken.")
public record SignedConfig(
        @Doc("Their `iss`.") String issuer,

        @Doc("The server's public keys: the URL or the file of a JWK set.")
        UrlOrFile jwks) {}
