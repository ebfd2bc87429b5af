package dev.sallyport.app.cli.running;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.process.StateFolder;
import dev.sallyport.controlplane.admin.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a command finds the gateway it talks to.
public final class AdminOptions {
    static final String DEFAULT_URL = "http://127.0.0.1:9901";

    @Option(
            names = "--admin",
            paramLabel = "URL",
            description = "The gateway's admin listener. Default: the gateway of this user on this machine.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The admin token; better in SALLYPORT_ADMIN_TOKEN, where others do not see it. Default: what "
                    + "the running gateway left for its user.")
    private @Nullable String token;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait for an answer (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ofSeconds(30);

    /// For commands whose own options leave no room for these: the gateway at `url`, or where that is null of this
    /// user,
    /// and the token from the environment or from what the gateway left.
    public static AdminOptions at(@Nullable String url) {
        AdminOptions options = new AdminOptions();
        options.url = url;
        return options;
    }

    /// What the gateway said.
    public record Answer(int status, String body) {}

    /// Asks the gateway.
    ///
    /// @throws CommandFailure it cannot be found or reached, or does not accept the token
    public Answer ask(String method, String path, OutputFormat format) {
        return ask(method, path, null, format);
    }

    /// Asks the gateway.
    ///
    /// @param body or null for none
    /// @throws CommandFailure it cannot be found or reached, or does not accept the token
    public Answer ask(String method, String path, @Nullable Json body, OutputFormat format) {
        StateFolder.Running gateway = gateway();
        Answer answer;
        try {
            answer = send(method, gateway.admin() + path, gateway.token(), body, format, timeout);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, gateway.admin() + " cannot be reached: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--admin: " + gateway.admin() + " (expected: a URL such as " + DEFAULT_URL + ")");
        }
        requireAccepted(answer.status(), gateway);
        return answer;
    }

    private static void requireAccepted(int status, StateFolder.Running gateway) {
        if (status == 401 || status == 429) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    gateway.admin() + " does not accept the token. It is printed when the gateway starts, or set as "
                            + "admin.token; give it with SALLYPORT_ADMIN_TOKEN.");
        }
    }

    /// Asks the gateway for something that goes on for a while.
    ///
    /// @throws CommandFailure it cannot be found or reached, or does not give it
    InputStream stream(String path) {
        StateFolder.Running gateway = gateway();
        try {
            HttpURLConnection connection = connection("GET", gateway.admin() + path, gateway.token(), timeout);
            requireAccepted(connection.getResponseCode(), gateway);
            return connection.getInputStream();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNREACHABLE, gateway.admin() + " cannot be asked: " + e.getMessage());
        }
    }

    public Duration timeout() {
        return timeout;
    }

    /// The admin listener's URL.
    public String url() {
        if (url != null) {
            return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        }
        List<StateFolder.Running> running = StateFolder.of(System::getenv).running();
        return running.size() == 1 ? running.getFirst().admin() : DEFAULT_URL;
    }

    private StateFolder.Running gateway() {
        List<StateFolder.Running> running = StateFolder.of(System::getenv).running();
        String secret = token != null ? token : System.getenv("SALLYPORT_ADMIN_TOKEN");
        if (secret != null) {
            return new StateFolder.Running(0, url(), secret, "");
        }
        List<StateFolder.Running> meant = running.stream()
                .filter(one -> url == null || one.admin().equals(url()))
                .toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        if (meant.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "No gateway of this user runs on this machine"
                            + (url == null ? "" : " at " + url)
                            + ". For another one give --admin and SALLYPORT_ADMIN_TOKEN.");
        }
        StringBuilder text = new StringBuilder("Several gateways run; say which with --admin:");
        meant.forEach(one -> text.append("\n  ").append(one));
        throw new CommandFailure(ExitCode.UNREACHABLE, text.toString());
    }

    /// Sends one request, past any proxy.
    public static Answer send(String method, String url, @Nullable String token, OutputFormat format, Duration timeout)
            throws IOException {
        return send(method, url, token, null, format, timeout);
    }

    private static Answer send(
            String method,
            String url,
            @Nullable String token,
            @Nullable Json sent,
            OutputFormat format,
            Duration timeout)
            throws IOException {
        HttpURLConnection connection = connection(method, url, token, timeout);
        connection.setRequestProperty("Accept", format == OutputFormat.JSON ? "application/json" : "text/plain");
        if (sent != null) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(sent.bytes());
            }
        }
        int status = connection.getResponseCode();
        var body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return new Answer(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }

    private static HttpURLConnection connection(String method, String url, @Nullable String token, Duration timeout)
            throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) Math.min(timeout.toMillis(), 5_000));
        connection.setReadTimeout((int) timeout.toMillis());
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    /// What a command's output is for.
    public enum OutputFormat {
        /// People.
        TEXT,
        /// Programs.
        JSON
    }
}
