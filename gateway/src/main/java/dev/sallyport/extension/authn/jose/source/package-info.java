/// Where keys come from: `RemoteKeys` fetches JWK sets and keeps them.
@NullMarked
package dev.sallyport.extension.authn.jose.source;

import org.jspecify.annotations.NullMarked;
