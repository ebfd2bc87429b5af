package dev.sallyport.extension.authn.oidc;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A [Site] for each test.
abstract class SiteTest {
    @TempDir
    Path folder = Path.of("");

    Site site = none();

    @SuppressWarnings("NullAway") // opened before each test
    private static Site none() {
        return null;
    }

    @BeforeEach
    void open() {
        site = Site.open(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    /// Another authenticator with the same state and provider.
    final Site another(String publicUrl, Consumer<ProviderSettings> change) {
        return Site.at(publicUrl, site.services, site.provider, change);
    }

    /// The same on another node.
    final Site otherNode() {
        return another(Site.URL, settings -> {});
    }
}
