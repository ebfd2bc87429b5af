package dev.sallyport.api.http;

import org.jspecify.annotations.Nullable;

/// The one immutable view of a request that route, access rule, rate key, cache key, log and forwarded request
/// share.
///
/// @param scheme     `http` or `https`, from the connection the request came on
/// @param authority  from the target or `Host`, never a mixture
/// @param path       canonical: begins with `/`, no dot segments, only unreserved characters decoded
/// @param ambiguity  which ambiguous spellings the path holds, as bits of [PathAmbiguity]; 0 for nearly all
/// @param query      as received without `?`, or null when there was none
public record CanonicalRequest(
        Method method,
        String scheme,
        Authority authority,
        String path,
        int ambiguity,
        @Nullable String query,
        Headers headers,
        HttpVersion version) {}
