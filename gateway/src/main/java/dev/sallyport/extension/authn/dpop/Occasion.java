package dev.sallyport.extension.authn.dpop;

import java.net.InetAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// What a proof has to be for.
///
/// @param publicUrl  scheme and authority of the URI
/// @param path       of the URI, canonical
/// @param token      that is shown with it, or null where none is
/// @param thumbprint of the key that the token is bound to, or null for any key
/// @param client     bounds on work are kept by its network
/// @param back       to where what has to be awaited comes back
record Occasion(
        String method,
        String publicUrl,
        String path,
        @Nullable String token,
        @Nullable String thumbprint,
        InetAddress client,
        Executor back) {}
