package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.demo.DemoShop;
import dev.sallyport.telemetry.EventLog;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What starts are trained with works, so that they are trained with what works.
class TrainingFolderTest {
    private static int get(String url, @Nullable String token) throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        int status = connection.getResponseCode();
        connection.disconnect();
        return status;
    }

    @Test
    void callersAreLetInByTokenGrantAndCondition() throws Exception {
        Path config;
        try (DemoShop shop = DemoShop.open("one", 0);
                TrainingFolder folder = TrainingFolder.make(shop.port());
                Gateway gateway = Gateway.start(
                        folder.config(),
                        GatewayOptions.usual()
                                .withLog(EventLog.SILENT)
                                .withStandardOut(OutputStream.nullOutputStream()))) {
            config = folder.config();
            String web = "http://127.0.0.1:" + gateway.port("web");
            assertThat(get(web + "/acme/products/1", folder.token())).isEqualTo(200);
            assertThat(get(web + "/acme/products/1", null)).isEqualTo(401);
            assertThat(get(web + "/other/products/1", folder.token())).isEqualTo(403);
        }
        assertThat(Files.exists(config)).isFalse();
    }
}
