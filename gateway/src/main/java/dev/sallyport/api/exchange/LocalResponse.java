package dev.sallyport.api.exchange;

import dev.sallyport.api.http.Headers;

/// An answer made by the gateway itself; `Content-Length` is added when it is written.
///
/// @param status  200 to 599
/// @param headers without framing fields
/// @param body    shared: must not be modified
@SuppressWarnings("ArrayRecordComponent") // compared nowhere; copied nowhere
public record LocalResponse(int status, Headers headers, byte[] body) {}
