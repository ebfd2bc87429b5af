package dev.sallyport.controlplane.admin;

/// One thing the admin listener offers.
///
/// @param method  `GET` (which includes HEAD), `POST` or `DELETE`
/// @param open    needs no token; for the two probes only
public record AdminEndpoint(String method, String path, boolean open, Handler handler) {
    /// Answers requests, on a virtual thread that may block.
    @FunctionalInterface
    public interface Handler {
        AdminResponse handle(AdminRequest request);
    }

    /// An endpoint for those who have the token.
    public static AdminEndpoint of(String method, String path, Handler handler) {
        return new AdminEndpoint(method, path, false, handler);
    }

    /// A probe, for everybody who can reach the listener.
    public static AdminEndpoint probe(String path, Handler handler) {
        return new AdminEndpoint("GET", path, true, handler);
    }
}
