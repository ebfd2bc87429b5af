package dev.sallyport.extension.authn.dpop;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.jose.Algorithm;
import dev.sallyport.extension.authn.jose.CompactToken;
import dev.sallyport.extension.authn.jose.JoseHeader;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A proof as it was sent, read strictly; or what is wrong with it.
sealed interface ProofReading {
    /// Octets accepted of a proof (threat DP-02).
    int LARGEST = CompactToken.LARGEST;

    /// A well-formed proof with an acceptable header; its signature is not checked yet.
    record Proof(CompactToken.Jws jws, Algorithm algorithm, ProofKey key, Claims claims) implements ProofReading {}

    record Faulty(ProofFault fault) implements ProofReading {}

    /// Reads `text` as far as needs no computing.
    static ProofReading read(String text, Set<Algorithm> algorithms) {
        if (!(CompactToken.read(text, JoseHeader.Rules.EMBEDDED_KEY) instanceof CompactToken.Jws jws)) {
            return new Faulty(ProofFault.MALFORMED);
        }
        JoseHeader header = jws.header();
        if (!header.isType("dpop+jwt")) {
            return new Faulty(ProofFault.TYPE);
        }
        Algorithm algorithm = Algorithm.of(header.algorithm());
        if (algorithm == null || !algorithms.contains(algorithm)) {
            return new Faulty(ProofFault.ALGORITHM);
        }
        @Nullable Map<String, @Nullable Object> jwk = header.embeddedKey();
        ProofKey key = jwk == null ? null : ProofKey.of(jwk);
        if (key == null) {
            return new Faulty(ProofFault.KEY);
        }
        Claims claims = jws.claims();
        return claims == null ? new Faulty(ProofFault.MALFORMED) : new Proof(jws, algorithm, key, claims);
    }
}
