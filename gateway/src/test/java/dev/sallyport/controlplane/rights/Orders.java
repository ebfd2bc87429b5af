package dev.sallyport.controlplane.rights;

/// A configuration that tests of rights change one thing in.
final class Orders {
    static final String YAML = """
            version: 1
            listeners: { plain: { bind: "127.0.0.1:8080" } }
            upstreams: { orders: { endpoints: ["http://127.0.0.1:9001"] } }
            authenticators:
              staff: { kind: jwt, issuer: "https://id.example.com", audience: a, principal: { roles: roles } }
              partners: { kind: jwt, issuer: "https://partners.example.com", audience: a, principal: { roles: roles } }
            roles:
              reader: { permissions: ["orders:read"] }
              clerk: { inherits: [reader], permissions: ["orders:write"] }
              auditor: { permissions: ["log:read"] }
            grants: []
            routes:
              read: { match: { methods: [GET], path: "/orders/**" }, access: { authenticate: [staff], require: orders:read }, upstream: orders }
              change:
                match: { methods: [POST, PUT], path: "/orders/**" }
                access: { authenticate: [staff], require: orders:write }
                upstream: orders
              status: { match: { methods: [GET], path: /status }, access: { authenticate: [staff] }, respond: { body: up } }
            """;

    private Orders() {}

    /// The configuration with `from`, which must be in it, put in the place of `to`.
    static String with(String from, String to) {
        if (!YAML.contains(from)) {
            throw new IllegalArgumentException(from + ": not in the configuration");
        }
        return YAML.replace(from, to);
    }
}
