package dev.sallyport.controlplane.console;

import dev.sallyport.controlplane.admin.AdminEndpoint;
import dev.sallyport.controlplane.admin.AdminResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// The files of the page. Nothing in them is secret: they are for everybody who can reach the listener.
final class ConsoleFiles {
    private static final String PAGE = "/console/";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    /// Scripts and styles from here alone, nothing inline, no frames.
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'",
            "Cache-Control",
            "no-cache");

    private ConsoleFiles() {}

    static List<AdminEndpoint> all() {
        return List.of(
                AdminEndpoint.open("GET", "/", _ -> toPage()),
                AdminEndpoint.open("GET", "/console", _ -> toPage()),
                file(PAGE, "text/html; charset=utf-8", "console.html"),
                file("/console/console.css", "text/css; charset=utf-8", "console.css"),
                file("/console/console.js", "text/javascript; charset=utf-8", "console.js"),
                file("/console/views.js", "text/javascript; charset=utf-8", "views.js"),
                file("/console/charts.js", "text/javascript; charset=utf-8", "charts.js"),
                file("/console/icon.svg", "image/svg+xml", "icon.svg"),
                file("/console/uplot.js", "text/javascript; charset=utf-8", CHARTS + "uPlot.iife.min.js"),
                file("/console/uplot.css", "text/css; charset=utf-8", CHARTS + "uPlot.min.css"));
    }

    private static AdminResponse toPage() {
        return new AdminResponse(302, "text/plain; charset=utf-8", new byte[0], Map.of("Location", PAGE));
    }

    private static AdminEndpoint file(String path, String type, String resource) {
        return AdminEndpoint.open("GET", path, _ -> new AdminResponse(200, type, read(resource), HEADERS));
    }

    private static byte[] read(String resource) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the product");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
