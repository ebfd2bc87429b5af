/// `kind: ext-authz`: Envoy's external authorization over gRPC, `envoy.service.auth.v3.Authorization/Check`. Start at
/// `ExtAuthzFactory`.
@NullMarked
package dev.sallyport.extension.authz.envoy;

import org.jspecify.annotations.NullMarked;
