/// HTTP/2 as both sides of the gateway speak it (RFC 9113, RFC 7541): frames, HPACK, streams, windows, limits.
///
/// Nothing here knows requests from responses; that is what `protocol` and `upstream` add. Start with
/// `Http2Session`.
@NullMarked
package dev.sallyport.dataplane.http2;

import org.jspecify.annotations.NullMarked;
