/// How much callers may: `Limits` judges a route's limits, those by the source of a request before the caller is
/// known, the others after it; `Limit` is one limit with its key; `LimitFields` tells callers how they stand. What is
/// counted, and where, is the matter of `api.limit.Counters`. It sees api only.
@NullMarked
package dev.sallyport.dataplane.limit;

import org.jspecify.annotations.NullMarked;
