package dev.sallyport.api.http;

/// What can be said of a scheme and authority, such as `https://api.example.com`.
public final class PublicUrls {
    private PublicUrls() {}

    /// Whether `url` leads to this machine by `http`: what is sent there crosses no network.
    public static boolean isLoopback(String url) {
        return isHost(url, "http://localhost") || isHost(url, "http://127.0.0.1") || isHost(url, "http://[::1]");
    }

    private static boolean isHost(String url, String schemeAndHost) {
        return url.startsWith(schemeAndHost)
                && (url.length() == schemeAndHost.length() || url.charAt(schemeAndHost.length()) == ':');
    }
}
