package dev.sallyport.hostile;

/// Configurations of gateways before upstreams that misbehave.
final class Backends {
    private Backends() {}

    /// One public route for everything to the endpoints on `ports`, with short timeouts.
    static String yaml(int... ports) {
        StringBuilder endpoints = new StringBuilder();
        for (int port : ports) {
            endpoints
                    .append(endpoints.isEmpty() ? "" : ", ")
                    .append("\"http://127.0.0.1:")
                    .append(port)
                    .append('"');
        }
        return """
                version: 1
                listeners:
                  public:
                    bind: 127.0.0.1:0
                    limits: { idle-timeout: 2s }
                upstreams:
                  evil:
                    endpoints: [%s]
                    timeouts: { connect: 300ms, response-head: 500ms, idle: 500ms, total: 5s }
                routes:
                  all:
                    match: { path: "/**" }
                    access: public
                    upstream: evil
                """.formatted(endpoints);
    }
}
