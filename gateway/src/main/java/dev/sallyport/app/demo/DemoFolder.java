package dev.sallyport.app.demo;

import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.apikey.key.KeyFile;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.KeyRing;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.apikey.key.PepperFile;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
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
    private final String apiKey;

    private DemoFolder(Path folder, Path config, String secret, String apiKey) {
        this.folder = folder;
        this.config = config;
        this.secret = secret;
        this.apiKey = apiKey;
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
        return new DemoFolder(folder, config, HexFormat.of().formatHex(octets), madeKey(folder));
    }

    /// Does what `sallyport key create --owner acme` does.
    private static String madeKey(Path folder) throws IOException {
        try (KeyFile keys = new KeyFile(keys(folder))) {
            Pepper pepper = PepperFile.in(data(folder)).readOrMake();
            KeyRecord.Term term = new KeyRecord.Term(Instant.now(), null, false, List.of(), null, null);
            Holder holder = new Holder("acme", null, List.of("partner"), Claims.NONE);
            return new KeyRing(keys, InstantSource.system())
                    .create(pepper, holder, term)
                    .key();
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Path keys(Path folder) {
        return folder.resolve("keys.yaml");
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
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

    /// An API key, made anew for each demo too.
    public String apiKey() {
        return apiKey;
    }

    /// The file of API keys.
    public Path keys() {
        return keys(folder);
    }

    /// Where its gateway keeps what has to survive a restart.
    public Path data() {
        return data(folder);
    }

    /// Where a client of the demo may keep a key.
    public Path clientKey() {
        return folder.resolve("client.jwk");
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
                "SALLYPORT_DATA_DIR", data(folder).toString());
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
