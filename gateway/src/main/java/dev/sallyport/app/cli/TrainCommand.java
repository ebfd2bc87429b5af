package dev.sallyport.app.cli;

import dev.sallyport.app.Gateway;
import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.StartException;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.cli.running.AdminOptions;
import dev.sallyport.app.cli.running.AdminOptions.OutputFormat;
import dev.sallyport.app.demo.DemoFolder;
import dev.sallyport.app.demo.DemoShop;
import dev.sallyport.telemetry.EventLog;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/// A short life of a gateway on ports of its own, for Java to note what a start and the first requests need.
@Command(name = "train", hidden = true, description = "Used by the start script to make the start-up cache.")
final class TrainCommand implements Callable<Integer> {
    private static final int ROUNDS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private Main main;

    @Override
    public Integer call() throws IOException, StartException {
        Main.commandLine().setOut(silent()).setErr(silent()).execute("run", "--help");
        EventLog log = new EventLog(OutputStream.nullOutputStream(), EventLog.Format.LOGFMT);
        main.logLibrariesTo(log);
        GatewayOptions options = GatewayOptions.usual().withLog(log).withStandardOut(OutputStream.nullOutputStream());
        try (DemoFolder folder = DemoFolder.make();
                DemoShop one = DemoShop.open("one", 0);
                DemoShop two = DemoShop.open("two", 0)) {
            try (Gateway gateway =
                    Gateway.start(folder.config(), options.withEnvironment(folder.environment(0, 0, one, two)))) {
                ask(gateway);
            }
            try (TrainingFolder more = TrainingFolder.make(one.port());
                    Gateway gateway = Gateway.start(more.config(), options)) {
                askWhoMay(gateway, more.token());
            }
        }
        return ExitCode.OK;
    }

    private static void ask(Gateway gateway) throws IOException {
        String web = "http://127.0.0.1:" + gateway.port("web");
        String admin = "http://127.0.0.1:" + gateway.admin().getPort();
        for (int i = 0; i < ROUNDS; i++) {
            get(web + "/products/" + i % 9, null);
        }
        get(web + "/nowhere", null);
        for (String page : new String[] {"/readyz", "/status", "/routes", "/metrics"}) {
            get(admin + page, gateway.adminToken());
        }
    }

    /// Requests that are let in, that show nothing, and that are about somebody else's things.
    private static void askWhoMay(Gateway gateway, String token) throws IOException {
        String web = "http://127.0.0.1:" + gateway.port("web");
        for (int i = 0; i < ROUNDS; i++) {
            get(web + "/acme/products/" + i % 9, token);
        }
        get(web + "/acme/products/1", null);
        get(web + "/other/products/1", token);
    }

    private static void get(String url, @Nullable String token) throws IOException {
        AdminOptions.send("GET", url, token, OutputFormat.TEXT, PATIENCE);
    }

    private static PrintWriter silent() {
        return new PrintWriter(Writer.nullWriter());
    }
}
