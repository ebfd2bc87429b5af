package dev.sallyport.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real Redis on loopback, which ends with this process whatever becomes of it. It can be killed, hung and started
/// again on the same port; nothing is stored unless asked for.
public final class RedisServer implements AutoCloseable {
    private static @Nullable Path executable;

    private final int port;
    private final List<String> options;
    private final String mode;
    private @Nullable Process process;
    private long pid;

    private RedisServer(int port, List<String> options, String mode) {
        this.port = port;
        this.options = options;
        this.mode = mode;
    }

    /// A started server.
    ///
    /// @param options of its command line
    public static RedisServer start(String... options) {
        return start(freePort(), options);
    }

    /// A started server on a port that was free a moment ago.
    public static RedisServer start(int port, String... options) {
        List<String> all = new ArrayList<>(List.of("--port", Integer.toString(port)));
        all.addAll(List.of(options));
        return new RedisServer(port, all, "").begun();
    }

    /// A started sentinel that watches `primary` under the name `main`.
    public static RedisServer sentinel(RedisServer primary) {
        try {
            int port = freePort();
            Path file = Files.createTempDirectory("sallyport-sentinel").resolve("sentinel.conf");
            Files.writeString(file, """
                    port %d
                    bind 127.0.0.1
                    sentinel monitor main 127.0.0.1 %d 1
                    sentinel down-after-milliseconds main 500
                    sentinel failover-timeout main 2000
                    """.formatted(port, primary.port));
            return new RedisServer(port, List.of(file.toString(), "--sentinel"), "sentinel").begun();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A port that nobody listens on.
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A port that nobody listens on, as little as on the one 10,000 above it, where servers of a cluster talk.
    public static int freePortWithBus() {
        int port = freePort() % 20_000 + 20_000;
        return isFree(port) && isFree(port + 10_000) ? port : freePortWithBus();
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private RedisServer begun() {
        restart();
        return this;
    }

    /// Starts it again; what it did not store is gone.
    public void restart() {
        kill();
        try {
            List<String> command = new ArrayList<>();
            // the shell ends the server when this process ends, since its input ends then
            command.addAll(List.of(
                    "/bin/sh", "-c", "\"$@\" </dev/null >/dev/null 2>&1 & echo $!; read end; kill -9 $!", "redis"));
            command.add(executable().toString());
            if (mode.isEmpty()) {
                command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--dir", "/tmp"));
            }
            command.addAll(options);
            Process shell = new ProcessBuilder(command).start();
            BufferedReader told = shell.inputReader(StandardCharsets.US_ASCII);
            pid = Long.parseLong(told.readLine());
            process = shell;
            Eventually.until("Redis listens", this::listens);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static synchronized Path executable() throws IOException {
        Path known = executable;
        if (known != null) {
            return known;
        }
        String arm = System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64" : "amd64";
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        String name = mac
                ? "redis-server-6.2.6-v5-darwin-" + arm
                : arm.equals("arm64") ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64";
        Path folder = Files.createTempDirectory("sallyport-redis");
        Path file = folder.resolve("redis-server");
        try (InputStream in = RedisServer.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException(name + ": not in the library of Redis servers");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        // in the reverse order
        folder.toFile().deleteOnExit();
        file.toFile().deleteOnExit();
        executable = file;
        return file;
    }

    public int port() {
        return port;
    }

    /// Its URL without TLS.
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// Ends it at once.
    public void kill() {
        Process running = process;
        if (running != null) {
            // the shell kills the server
            try {
                running.getOutputStream().close();
                running.waitFor(10, TimeUnit.SECONDS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            process = null;
            Eventually.until("Redis has ended", () -> !listens());
        }
    }

    /// Stops it without ending it: connections stay, nothing is answered.
    public void hang() {
        signal("STOP");
    }

    /// Lets it go on.
    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + pid)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill: " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The answer to a command, as one text: its parts, separated by blanks. Errors begin with a minus sign.
    public String command(String... words) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            StringBuilder sent = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                byte[] octets = word.getBytes(StandardCharsets.ISO_8859_1);
                sent.append('$')
                        .append(octets.length)
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(sent.toString().getBytes(StandardCharsets.ISO_8859_1));
            return answer(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String answer(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new IOException("no answer");
        }
        return switch (line.charAt(0)) {
            case '$' -> bulk(in, Integer.parseInt(line.substring(1)));
            case '*' -> {
                List<String> parts = new ArrayList<>();
                for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
                    parts.add(answer(in));
                }
                yield String.join(" ", parts);
            }
            case '-' -> line;
            default -> line.substring(1);
        };
    }

    private static String bulk(BufferedReader in, int length) throws IOException {
        if (length < 0) {
            return "";
        }
        char[] text = new char[length + 2];
        int read = 0;
        while (read < text.length) {
            int more = in.read(text, read, text.length - read);
            if (more < 0) {
                throw new IOException("the answer ends");
            }
            read += more;
        }
        return new String(text, 0, length);
    }

    @Override
    public void close() {
        kill();
    }
}
