package dev.sallyport.controlplane.admin;

import org.jspecify.annotations.Nullable;

/// One thing the admin listener offers.
///
/// @param method `GET` (which includes HEAD), `POST` or `DELETE`
/// @param role   what one must be to use it; null for the probes, the console's files and its log-in, which need no
/// token
public record AdminEndpoint(
        String method, String path, @Nullable AdminRole role, Handler handler) {
    /// Answers requests, on a virtual thread that may block.
    @FunctionalInterface
    public interface Handler {
        AdminResponse handle(AdminRequest request);
    }

    /// An endpoint for those who have a token: for readers if it is a `GET`, else for operators.
    public static AdminEndpoint of(String method, String path, Handler handler) {
        return new AdminEndpoint(method, path, method.equals("GET") ? AdminRole.READER : AdminRole.OPERATOR, handler);
    }

    /// A `POST` that changes nothing: its question is longer than a URL may be, or nobody else's business.
    public static AdminEndpoint question(String path, Handler handler) {
        return new AdminEndpoint("POST", path, AdminRole.READER, handler);
    }

    /// Something for everybody who can reach the listener.
    public static AdminEndpoint open(String method, String path, Handler handler) {
        return new AdminEndpoint(method, path, null, handler);
    }
}
