package dev.sallyport.dataplane.snapshot;

import java.util.List;

/// A route whose host and path fit a request, and what else of it does not: for somebody who asks why it was not taken.
///
/// @param servesMethod whether it is for the method
/// @param headers      conditions on header fields that do not hold
/// @param query        conditions on query parameters that do not hold
public record RouteCandidate(Route route, boolean servesMethod, List<FieldMatch> headers, List<FieldMatch> query) {
    public RouteCandidate {
        headers = List.copyOf(headers);
        query = List.copyOf(query);
    }

    /// Whether it takes the request, unless one before it does.
    public boolean fits() {
        return servesMethod && headers.isEmpty() && query.isEmpty();
    }
}
