package dev.sallyport.benchmarks.compare;

/// One table of the result.
enum Stage {
    PLAIN("HTTP/1.1, 64 keep-alive connections, saturated"),
    LATENCY("HTTP/1.1, 64 connections, fixed rate"),
    H2("HTTP/2 cleartext in, HTTP/1.1 out, 64 connections with 10 streams, saturated"),
    TLS("TLS 1.3 full handshakes, P-256 certificate, one connection each"),
    JWT_RS256("10,000 distinct RS256 tokens, each seen before, 64 connections, saturated"),
    JWT_ES256("10,000 distinct ES256 tokens, each seen before, 64 connections, saturated"),
    JWT_RS256_NEW("RS256 tokens never seen before, 64 connections, saturated"),
    JWT_ES256_NEW("ES256 tokens never seen before, 64 connections, saturated"),
    WHOLE(
            "Everything on (Sallyport: RS256 tokens seen before, role, three limits; nginx and HAProxy: nothing), 64 connections, saturated"),
    REFUSED("Requests over a limit, refused with 429, 64 keep-alive connections, saturated"),
    OBSERVED("What it costs to see: log and traces on and off, 64 keep-alive connections, saturated"),
    START("Start to first proxied byte, and memory");

    private final String title;

    Stage(String title) {
        this.title = title;
    }

    /// Whether it puts a load on gateways that run side by side.
    boolean underLoad() {
        return this != START;
    }

    /// The algorithm of the tokens that requests carry, or empty for requests without.
    String tokens() {
        return switch (this) {
            case JWT_RS256, JWT_RS256_NEW, WHOLE -> "RS256";
            case JWT_ES256, JWT_ES256_NEW -> "ES256";
            case PLAIN, LATENCY, H2, TLS, REFUSED, OBSERVED, START -> "";
        };
    }

    /// Over how many tokens requests go round: those of a stage whose tokens are new are more than Sallyport
    /// remembers.
    int distinctTokens() {
        return switch (this) {
            case JWT_RS256, JWT_ES256, WHOLE -> Tokens.FEW;
            case JWT_RS256_NEW, JWT_ES256_NEW -> Tokens.COUNT;
            case PLAIN, LATENCY, H2, TLS, REFUSED, OBSERVED, START -> 0;
        };
    }

    /// The peer that the others are compared with.
    String baseline() {
        return switch (this) {
            case PLAIN, LATENCY, H2, TLS, WHOLE, START -> Peers.BASELINE;
            case JWT_RS256, JWT_ES256, JWT_RS256_NEW, JWT_ES256_NEW -> Peers.TOKEN_BASELINE;
            case REFUSED -> Peers.LIMIT_BASELINE;
            case OBSERVED -> Peers.BLIND;
        };
    }

    String title() {
        return title;
    }
}
