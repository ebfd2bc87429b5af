package dev.sallyport.extension.observe;

import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.http.RequestFault;

/// A request that could not be understood.
record Malformed(ClientConnection connection, RequestFault fault, long epochMillis) {}
