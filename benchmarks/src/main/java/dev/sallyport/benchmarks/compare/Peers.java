package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every gateway that can be compared, each with one worker or loop, and written in the plainest way its manual
/// shows.
final class Peers {
    static final String BASELINE = "nginx";
    static final String LIMIT_BASELINE = "nginx, limit_req";
    static final String BLIND = "Sallyport, neither log nor traces";
    static final String TOKEN_BASELINE = "HAProxy, jwt_verify";

    /// In the order of the tables; a peer is added here alone.
    private static final Map<String, Maker> MAKERS = new LinkedHashMap<>();

    static {
        MAKERS.put(BASELINE, (place, ports, root, java) -> nginx(place, ports, BASELINE, false));
        MAKERS.put("nginx, JSON log", (place, ports, root, java) -> nginx(place, ports, "nginx, JSON log", true));
        MAKERS.put("HAProxy, TCP mode", (place, ports, root, java) -> haproxy(place, ports, "tcp"));
        MAKERS.put("HAProxy", (place, ports, root, java) -> haproxy(place, ports, "http"));
        MAKERS.put("Spring Cloud Gateway", Peers::spring);
        MAKERS.put("Sallyport", (place, ports, root, java) -> sallyport(place, ports, root, "Sallyport", Map.of()));
        MAKERS.put(
                "Sallyport, io_uring",
                (place, ports, root, java) -> sallyport(place, ports, root, "Sallyport, io_uring", Map.of()));
        MAKERS.put(TOKEN_BASELINE, (place, ports, root, java) -> haproxyTokens(place, ports));
        MAKERS.put(
                "Sallyport, jwt",
                (place, ports, root, java) -> sallyport(place, ports, root, "Sallyport, jwt", Map.of()));
        MAKERS.put(
                "Sallyport, jwt, io_uring",
                (place, ports, root, java) -> sallyport(place, ports, root, "Sallyport, jwt, io_uring", Map.of()));
        MAKERS.put(LIMIT_BASELINE, (place, ports, root, java) -> nginxLimited(place, ports));
        MAKERS.put("HAProxy, stick-table", (place, ports, root, java) -> haproxyLimited(place, ports));
        for (String name : List.of(
                "Sallyport, everything",
                "Sallyport, everything, io_uring",
                "Sallyport, limits",
                "Sallyport, limits, io_uring",
                BLIND,
                "Sallyport, log",
                "Sallyport, log and traces")) {
            MAKERS.put(name, (place, ports, root, java) -> sallyport(place, ports, root, name, Map.of()));
        }
        MAKERS.put(
                "Sallyport, no AOT cache",
                (place, ports, root, java) ->
                        sallyport(place, ports, root, "Sallyport, no AOT cache", Map.of("SALLYPORT_AOT", "off")));
    }

    private static final List<Stage> WITHOUT_TOKENS =
            List.of(Stage.PLAIN, Stage.LATENCY, Stage.H2, Stage.TLS, Stage.START);
    private static final List<Stage> PEERS_WITHOUT_TOKENS =
            List.of(Stage.PLAIN, Stage.LATENCY, Stage.H2, Stage.TLS, Stage.WHOLE, Stage.START);
    private static final List<Stage> WITH_TOKENS =
            List.of(Stage.JWT_RS256, Stage.JWT_ES256, Stage.JWT_RS256_NEW, Stage.JWT_ES256_NEW);

    private static final String OPEN = """
            routes:
              everything: { match: { path: "/**" }, access: public, upstream: origin }
            """;

    private Peers() {}

    static List<String> names() {
        return List.copyOf(MAKERS.keySet());
    }

    /// Writes the configuration of a peer and tells how it is started.
    static Peer make(String name, Workplace place, Ports ports, Path root, Path java) throws IOException {
        Maker maker = MAKERS.get(name);
        if (maker == null) {
            throw new IllegalArgumentException(name + ": no such peer");
        }
        return maker.make(place, ports, root, java);
    }

    static String folder(String name) {
        return name.replaceAll("[^A-Za-z]+", "-");
    }

    private static Peer nginx(Workplace place, Ports ports, String name, boolean log) throws IOException {
        Path folder = place.folderOf(folder(name));
        String logging = log ? """
                log_format json escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method",'
                  '"host":"$host","uri":"$request_uri","protocol":"$server_protocol","status":$status,"bytes":$body_bytes_sent,'
                  '"duration":$request_time,"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
                  '"upstream_duration":"$upstream_response_time","user_agent":"$http_user_agent","request_id":"$request_id"}';
                access_log %s/access.log json buffer=64k flush=1s;""".formatted(folder) : "access_log off;";
        Path configuration = place.write(folder(name), "nginx.conf", """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/error.log;
                events { worker_connections 4096; }
                http { %2$s
                  keepalive_requests 1000000000; keepalive_timeout 600s;
                  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  ssl_certificate %3$s; ssl_certificate_key %4$s; ssl_protocols TLSv1.2 TLSv1.3;
                  upstream origin { server 127.0.0.1:%5$d; keepalive 256; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:%6$d backlog=4096; listen 127.0.0.1:%7$d http2 backlog=4096;
                    listen 127.0.0.1:%8$d ssl backlog=4096;
                    http2_max_concurrent_streams 128;
                    location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }
                  }
                }
                """.formatted(
                        folder,
                        logging,
                        place.certificate(),
                        place.key(),
                        place.upstreamPort(),
                        ports.plain(),
                        ports.h2(),
                        ports.tls()));
        List<Stage> serves = log ? List.of(Stage.PLAIN, Stage.LATENCY) : PEERS_WITHOUT_TOKENS;
        return new Peer(name, serves, 2, List.of("nginx", "-e", "stderr", "-c", configuration.toString()), Map.of());
    }

    private static Peer haproxy(Workplace place, Ports ports, String mode) throws IOException {
        boolean http = mode.equals("http");
        String name = http ? "HAProxy" : "HAProxy, TCP mode";
        String more =
                http ? """
                  option http-keep-alive
                  http-reuse always
                frontend h2
                  bind 127.0.0.1:%d proto h2
                  default_backend origin
                frontend tls
                  bind 127.0.0.1:%d ssl crt %s ssl-min-ver TLSv1.2 alpn http/1.1
                  default_backend origin
                """.formatted(ports.h2(), ports.tls(), place.folder().resolve("both.pem")) : "";
        Path configuration = place.write(
                folder(name), "haproxy.cfg", """
                global
                  nbthread 1
                  maxconn 4096
                defaults
                  mode %s
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                %s
                frontend plain
                  bind 127.0.0.1:%d
                  default_backend origin
                backend origin
                  server one 127.0.0.1:%d
                """.formatted(mode, more, ports.plain(), place.upstreamPort()));
        // in TCP mode tokens pass unread: the floor of those rows too
        List<Stage> serves =
                http ? PEERS_WITHOUT_TOKENS : List.of(Stage.PLAIN, Stage.WHOLE, Stage.JWT_RS256, Stage.JWT_ES256);
        return new Peer(name, serves, 2, List.of("haproxy", "-db", "-f", configuration.toString()), Map.of());
    }

    /// Checks every token's signature, as its manual shows; it remembers none.
    private static Peer haproxyTokens(Workplace place, Ports ports) throws IOException {
        Path configuration = place.write(folder(TOKEN_BASELINE), "haproxy.cfg", """
                global
                  nbthread 1
                  maxconn 4096
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  option http-keep-alive
                  http-reuse always
                frontend plain
                  bind 127.0.0.1:%1$d
                  acl start path /start
                  http-request set-var(txn.bearer) http_auth_bearer
                  http-request set-var(txn.alg) var(txn.bearer),jwt_header_query('$.alg')
                  http-request set-var(txn.iss) var(txn.bearer),jwt_payload_query('$.iss')
                  http-request set-var(txn.aud) var(txn.bearer),jwt_payload_query('$.aud')
                  acl rs var(txn.alg) -m str RS256
                  acl es var(txn.alg) -m str ES256
                  http-request deny deny_status 401 unless start or rs or es
                  http-request deny deny_status 401 if rs !{ var(txn.bearer),jwt_verify(txn.alg,"%2$s/RS256.pem") 1 }
                  http-request deny deny_status 401 if es !{ var(txn.bearer),jwt_verify(txn.alg,"%2$s/ES256.pem") 1 }
                  http-request deny deny_status 401 unless start or { var(txn.iss) -m str %3$s }
                  http-request deny deny_status 401 unless start or { var(txn.aud) -m str %4$s }
                  default_backend origin
                backend origin
                  server one 127.0.0.1:%5$d
                """.formatted(
                        ports.plain(), place.tokens(), Tokens.ISSUER, Tokens.AUDIENCE, place.upstreamPort()));
        return new Peer(
                TOKEN_BASELINE, WITH_TOKENS, 2, List.of("haproxy", "-db", "-f", configuration.toString()), Map.of());
    }

    private static Peer spring(Workplace place, Ports ports, Path root, Path java) {
        Path jar = root.resolve("benchmarks/peers/spring-cloud-gateway/target/spring-cloud-gateway.jar");
        return new Peer(
                "Spring Cloud Gateway",
                List.of(Stage.PLAIN, Stage.LATENCY, Stage.START),
                60,
                List.of(
                        java.toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dreactor.netty.ioWorkerCount=1",
                        "-jar",
                        jar.toString()),
                Map.of(
                        "PEER_PORT", String.valueOf(ports.plain()),
                        "PEER_UPSTREAM", String.valueOf(place.upstreamPort())));
    }

    private static Peer sallyport(Workplace place, Ports ports, Path root, String name, Map<String, String> environment)
            throws IOException {
        Path folder = place.folderOf(folder(name));
        Path configuration = place.write(folder(name), "sallyport.yaml", """
                version: 1
                listeners:
                  plain: { bind: "127.0.0.1:%d" }
                  h2c: { bind: "127.0.0.1:%d", protocols: [h2] }
                  tls:
                    bind: "127.0.0.1:%d"
                    tls: { certificates: [{ chain: %s, key: %s }] }
                upstreams:
                  origin: { endpoints: ["http://127.0.0.1:%d"] }
                %s
                %s
                admin: { bind: "127.0.0.1:%d" }
                """.formatted(
                        ports.plain(),
                        ports.h2(),
                        ports.tls(),
                        place.certificate(),
                        place.key(),
                        place.upstreamPort(),
                        routes(name, place),
                        observed(name, place, folder.resolve("access.log")),
                        ports.admin()));
        List<Stage> serves = switch (name) {
            case "Sallyport" -> WITHOUT_TOKENS;
            case "Sallyport, jwt" -> WITH_TOKENS;
            case "Sallyport, jwt, io_uring" -> List.of(Stage.JWT_RS256, Stage.JWT_ES256);
            case "Sallyport, io_uring" -> List.of(Stage.PLAIN);
            case "Sallyport, everything", "Sallyport, everything, io_uring" -> List.of(Stage.WHOLE);
            case "Sallyport, limits", "Sallyport, limits, io_uring" -> List.of(Stage.REFUSED);
            case BLIND, "Sallyport, log", "Sallyport, log and traces" -> List.of(Stage.OBSERVED);
            default -> List.of(Stage.START);
        };
        Map<String, String> variables = new HashMap<>(environment);
        variables.put("SALLYPORT_BUILD", "off"); // it is built; looking for newer sources is no part of a start
        String transport = name.endsWith("io_uring") ? "io_uring" : "epoll";
        return new Peer(
                name,
                serves,
                // what happens once a second, such as telling traces, is compiled late
                serves.contains(Stage.OBSERVED) ? 60 : 20,
                List.of(
                        root.resolve("sallyport").toString(),
                        "run",
                        "--loops",
                        "1",
                        "--transport",
                        transport,
                        configuration.toString()),
                Map.copyOf(variables));
    }

    /// What is seen; metrics always are.
    private static String observed(String name, Workplace place, Path log) {
        return switch (name) {
            case BLIND -> "observe: { access-log: { to: off } }";
            case "Sallyport, log and traces" ->
                """
                    observe:
                      access-log: { to: { file: %s } }
                      traces: { otlp: "http://127.0.0.1:%d", sample: 5% }
                    """.replace("%s", log.toString()).replace("%d", String.valueOf(place.upstreamPort()));
            default -> "observe: { access-log: { to: { file: " + log + " } } }";
        };
    }

    private static String routes(String name, Workplace place) {
        String kind = name.replace(", io_uring", "");
        return switch (kind) {
            case "Sallyport, jwt" -> guarded(place, "", " }");
            case "Sallyport, everything" ->
                guarded(place, """
                    roles: { reader: { permissions: ["orders:read"] } }
                    limits:
                      per-address: { key: client.address, rate: 1000000/s }
                      per-caller: { key: principal.id, rate: 1000000/s }
                      whole-route: { key: route, rate: 1000000/s }
                    """, ", require: \"orders:read\" }, limits: [per-address, per-caller, whole-route]");
            case "Sallyport, limits" -> """
                    limits:
                      per-address: { key: client.address, rate: 300/s, burst: 300 }
                    routes:
                      start: { match: { path: /start }, access: public, upstream: origin }
                      everything: { match: { path: "/**" }, access: public, limits: [per-address], upstream: origin }
                    """;
            default -> OPEN;
        };
    }

    /// nginx as its manual limits by address; one connection to the upstream is all that a start needs.
    private static Peer nginxLimited(Workplace place, Ports ports) throws IOException {
        Path folder = place.folderOf(folder(LIMIT_BASELINE));
        Path configuration = place.write(
                folder(LIMIT_BASELINE), "nginx.conf", """
                daemon off; worker_processes 1; pid %1$s/pid; error_log %1$s/error.log crit;
                events { worker_connections 4096; }
                http { access_log off;
                  keepalive_requests 1000000000; keepalive_timeout 600s;
                  client_body_temp_path %1$s; proxy_temp_path %1$s; fastcgi_temp_path %1$s;
                  uwsgi_temp_path %1$s; scgi_temp_path %1$s;
                  limit_req_zone $binary_remote_addr zone=address:10m rate=300r/s;
                  limit_req_status 429;
                  upstream origin { server 127.0.0.1:%2$d; keepalive 256; keepalive_requests 1000000000; }
                  server {
                    listen 127.0.0.1:%3$d backlog=4096;
                    location = /start { proxy_pass http://origin; proxy_http_version 1.1; }
                    location / {
                      limit_req zone=address burst=300 nodelay;
                      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
                    }
                  }
                }
                """.formatted(folder, place.upstreamPort(), ports.plain()));
        return new Peer(
                LIMIT_BASELINE,
                List.of(Stage.REFUSED),
                2,
                List.of("nginx", "-e", "stderr", "-c", configuration.toString()),
                Map.of());
    }

    private static Peer haproxyLimited(Workplace place, Ports ports) throws IOException {
        String name = "HAProxy, stick-table";
        Path configuration =
                place.write(folder(name), "haproxy.cfg", """
                global
                  nbthread 1
                  maxconn 4096
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  option http-keep-alive
                  http-reuse always
                frontend plain
                  bind 127.0.0.1:%d
                  stick-table type ip size 100k expire 30s store http_req_rate(1s)
                  http-request track-sc0 src
                  http-request return status 429 if { sc_http_req_rate(0) gt 300 } !{ path /start }
                  default_backend origin
                backend origin
                  server one 127.0.0.1:%d
                """.formatted(ports.plain(), place.upstreamPort()));
        return new Peer(
                name, List.of(Stage.REFUSED), 2, List.of("haproxy", "-db", "-f", configuration.toString()), Map.of());
    }

    private static String guarded(Workplace place, String more, String access) {
        return """
                authenticators:
                  tokens:
                    kind: jwt
                    issuer: %s
                    jwks: %s
                    audience: %s
                    algorithms: [RS256, ES256]
                    max-lifetime: 3h
                    principal: { id: sub, roles: roles }
                %sroutes:
                  start: { match: { path: /start }, access: public, upstream: origin }
                  everything: { match: { path: "/**" }, access: { authenticate: [tokens]%s, upstream: origin }
                """.formatted(Tokens.ISSUER, place.tokens().resolve("jwks.json"), Tokens.AUDIENCE, more, access);
    }

    /// Writes a peer's configuration.
    private interface Maker {
        Peer make(Workplace place, Ports ports, Path root, Path java) throws IOException;
    }
}
