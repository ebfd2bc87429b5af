/// Asking servers of others for the sake of single requests, so that neither a flood of questions nor a broken server
/// is felt beyond its cause: a small HTTP client, a bulkhead, a breaker, one question at a time, answers that are
/// remembered. Seen by extensions; knows only `api` and `telemetry`. Start with `Questions`.
@NullMarked
package dev.sallyport.remote;

import org.jspecify.annotations.NullMarked;
