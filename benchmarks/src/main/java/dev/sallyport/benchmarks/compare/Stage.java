package dev.sallyport.benchmarks.compare;

/// One table of the result.
enum Stage {
    PLAIN("HTTP/1.1, 64 keep-alive connections, saturated"),
    LATENCY("HTTP/1.1, 64 connections, fixed rate"),
    H2("HTTP/2 cleartext in, HTTP/1.1 out, 64 connections with 10 streams, saturated"),
    TLS("TLS 1.3 full handshakes, P-256 certificate, one connection each"),
    START("Start to first proxied byte, and memory");

    private final String title;

    Stage(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
