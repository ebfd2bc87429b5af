package dev.sallyport.api.http;

/// A canonical `host[:port]`: host in lower case without a trailing dot (IPv6 in brackets), port −1 when absent.
public record Authority(String host, int port) {
    @Override
    public String toString() {
        return port < 0 ? host : host + ":" + port;
    }
}
