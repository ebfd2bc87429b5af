package dev.sallyport.controlplane.config.limit;

import dev.sallyport.api.plugin.Doc;

/// Which fields tell callers how they stand.
public enum LimitHeaders {
    @Doc("`RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11).")
    DRAFT,
    @Doc("`X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset`, of the tightest limit.")
    X,
    @Doc("All of them.")
    BOTH,
    @Doc("None; `Retry-After` is sent with every refusal nevertheless.")
    NONE
}
