package dev.sallyport.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The demo's configuration: `examples/demo/sallyport.yaml`, shipped in the jar.
public final class DemoConfig {
    private DemoConfig() {}

    /// Writes the configuration into `folder`; its file.
    public static Path writeInto(Path folder) throws IOException {
        Path file = folder.resolve("sallyport.yaml");
        try (InputStream shipped = DemoConfig.class.getResourceAsStream("sallyport.yaml")) {
            Files.copy(Objects.requireNonNull(shipped, "the jar lacks the demo's configuration"), file);
        }
        return file;
    }

    /// The variables that the configuration asks for, before those of the process.
    public static Function<String, @Nullable String> environment(int port, int adminPort, int shopA, int shopB) {
        Map<String, String> ports = Map.of(
                "DEMO_PORT", Integer.toString(port),
                "DEMO_ADMIN_PORT", Integer.toString(adminPort),
                "DEMO_SHOP_A", Integer.toString(shopA),
                "DEMO_SHOP_B", Integer.toString(shopB));
        return name -> ports.containsKey(name) ? ports.get(name) : System.getenv(name);
    }
}
