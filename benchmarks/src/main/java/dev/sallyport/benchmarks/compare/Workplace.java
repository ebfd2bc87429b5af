package dev.sallyport.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The throw-away folder of one run: certificate, configurations, logs; and the port of the upstream that all
/// peers forward to.
record Workplace(Path folder, int upstreamPort) {
    static final int BODY_BYTES = 200;

    static Workplace create() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sallyport-benchmark");
        Workplace place = new Workplace(folder, Ports.freePort());
        place.makeCertificate();
        return place;
    }

    /// Where tokens and their keys are.
    Path tokens() {
        return folder.resolve("tokens");
    }

    Path certificate() {
        return folder.resolve("chain.pem");
    }

    Path key() {
        return folder.resolve("key.pem");
    }

    /// A file of its own for one peer.
    Path write(String peer, String name, String text) throws IOException {
        return Files.writeString(Files.createDirectories(folder.resolve(peer)).resolve(name), text);
    }

    Path folderOf(String peer) throws IOException {
        return Files.createDirectories(folder.resolve(peer));
    }

    /// An nginx that answers 200 octets from memory, without a log.
    Process startUpstream() throws IOException {
        Path configuration =
                write("upstream", "nginx.conf", """
                daemon off; worker_processes 1; pid %1$s/upstream/pid; error_log %1$s/upstream/error.log;
                events { worker_connections 4096; }
                http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; default_type text/plain;
                  client_body_temp_path %1$s/upstream; proxy_temp_path %1$s/upstream; fastcgi_temp_path %1$s/upstream;
                  uwsgi_temp_path %1$s/upstream; scgi_temp_path %1$s/upstream;
                  server { listen 127.0.0.1:%2$d backlog=4096; location /v1/ { return 200; }
                    location / { return 200 "%3$s"; } } }
                """.formatted(folder, upstreamPort, "x".repeat(BODY_BYTES)));
        Process process = new ProcessBuilder(
                        Tools.pinned(Tools.LOAD_CORE, List.of("nginx", "-e", "stderr", "-c", configuration.toString())))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("upstream/output.txt").toFile())
                .start();
        Tools.endWithThisJvm(process);
        return process;
    }

    private void makeCertificate() throws IOException, InterruptedException {
        String said = Tools.output(
                30,
                List.of(
                        "openssl",
                        "req",
                        "-x509",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        key().toString(),
                        "-out",
                        certificate().toString(),
                        "-days",
                        "7",
                        "-subj",
                        "/CN=localhost",
                        "-addext",
                        "subjectAltName=DNS:localhost,IP:127.0.0.1"));
        if (!Files.exists(certificate())) {
            throw new IOException("openssl made no certificate: " + said);
        }
        Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(certificate()) + Files.readString(key())); // HAProxy's form
    }
}
