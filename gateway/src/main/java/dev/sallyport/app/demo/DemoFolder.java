package dev.sallyport.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A folder of a demo's own, removed at its end: the configuration, `examples/demo/sallyport.yaml` shipped in the
/// jar, and the keys its gateway makes.
public final class DemoFolder implements AutoCloseable {
    private static final int SECRET_OCTETS = 24;

    private final Path folder;
    private final Path config;
    private final String secret;

    private DemoFolder(Path folder, Path config, String secret) {
        this.folder = folder;
        this.config = config;
        this.secret = secret;
    }

    /// A new folder.
    public static DemoFolder make() throws IOException {
        Path folder = Files.createTempDirectory("sallyport-demo-");
        Path config = folder.resolve("sallyport.yaml");
        try (InputStream shipped = DemoFolder.class.getResourceAsStream("sallyport.yaml")) {
            Files.copy(Objects.requireNonNull(shipped, "the jar lacks the demo's configuration"), config);
        }
        byte[] octets = new byte[SECRET_OCTETS];
        new SecureRandom().nextBytes(octets);
        return new DemoFolder(folder, config, HexFormat.of().formatHex(octets));
    }

    /// The configuration file.
    public Path config() {
        return config;
    }

    /// What the demo's clients authenticate with; made anew for each demo: nothing ships with a secret (threat
    /// AK-05).
    public String secret() {
        return secret;
    }

    /// The variables that the configuration asks for, before those of the process.
    ///
    /// @param port  for clients; 0 for any free one, which has to be known before it is bound: tokens name it
    /// @param admin for operators, 0 for any
    public Function<String, @Nullable String> environment(int port, int admin, DemoShop one, DemoShop two)
            throws IOException {
        Map<String, String> own = Map.of(
                "DEMO_PORT", Integer.toString(port == 0 ? freePort() : port),
                "DEMO_ADMIN_PORT", Integer.toString(admin),
                "DEMO_SHOP_A", Integer.toString(one.port()),
                "DEMO_SHOP_B", Integer.toString(two.port()),
                "DEMO_SECRET", secret,
                "SALLYPORT_DATA_DIR", folder.resolve("data").toString());
        return name -> own.containsKey(name) ? own.get(name) : System.getenv(name);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
