package dev.sallyport.extension.token.service;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the token service says of itself (RFC 8414 §2); complete enough for who looks for an OpenID provider's keys.
final class TokenMetadata {
    private TokenMetadata() {}

    /// The document of `issuer`.
    ///
    /// @param proofAlgorithms that proofs of possession may be signed with (RFC 9449 §5.1)
    static byte[] of(String issuer, List<String> proofAlgorithms) {
        List<String> authentication = List.of("client_secret_basic", "client_secret_post");
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", issuer);
        metadata.put("token_endpoint", issuer + TokenService.TOKEN);
        metadata.put("jwks_uri", issuer + "/jwks");
        metadata.put("revocation_endpoint", issuer + "/revoke");
        metadata.put("grant_types_supported", List.of("client_credentials", "refresh_token"));
        metadata.put("response_types_supported", List.of());
        metadata.put("token_endpoint_auth_methods_supported", authentication);
        metadata.put("revocation_endpoint_auth_methods_supported", authentication);
        metadata.put("dpop_signing_alg_values_supported", proofAlgorithms);
        return octets(metadata);
    }

    /// A JSON object as it is sent.
    static byte[] octets(Map<String, ?> members) {
        return (JSONObjectUtils.toJSONString(members) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
