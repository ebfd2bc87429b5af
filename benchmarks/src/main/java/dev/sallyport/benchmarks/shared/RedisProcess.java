package dev.sallyport.benchmarks.shared;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// A Redis without any data on disk, which can be killed, stopped and started again on the same port.
final class RedisProcess implements AutoCloseable {
    private static final String BUNDLED = "/redis-server-6.2.6-v5-linux-amd64";
    private static final long START_MILLIS = 10_000;

    private final Path executable;
    private final int port;
    private @Nullable Process process;

    /// @param folder for the executable, which is the one of the library unless `REDIS_SERVER` names another
    RedisProcess(Path folder, int port) throws IOException {
        this.port = port;
        String named = System.getenv("REDIS_SERVER");
        if (named != null) {
            executable = Path.of(named);
            return;
        }
        executable = folder.resolve("redis-server");
        try (InputStream in = RedisProcess.class.getResourceAsStream(BUNDLED)) {
            if (in == null) {
                throw new IOException("no Redis for this machine; name one by REDIS_SERVER");
            }
            Files.copy(in, executable, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(executable, PosixFilePermissions.fromString("rwx------"));
    }

    int port() {
        return port;
    }

    /// Starts it, empty.
    void start() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        executable.toString(),
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        "/tmp")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Processes.endWithThisJvm(process);
        long end = System.currentTimeMillis() + START_MILLIS;
        while (!listens()) {
            if (System.currentTimeMillis() > end) {
                throw new IOException("Redis does not listen");
            }
            Thread.sleep(5);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly().waitFor();
            process = null;
        }
    }

    /// Stops it where it is, so that it answers nothing and its connections stay, or lets it go on.
    void signal(String name) throws IOException, InterruptedException {
        Process running = process;
        if (running != null) {
            new ProcessBuilder("kill", "-" + name, Long.toString(running.pid()))
                    .start()
                    .waitFor();
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
