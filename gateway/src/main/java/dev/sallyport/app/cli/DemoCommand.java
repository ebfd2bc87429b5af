package dev.sallyport.app.cli;

import dev.sallyport.app.GatewayOptions;
import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.app.demo.DemoFolder;
import dev.sallyport.app.demo.DemoShop;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// Shows the gateway at work.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the gateway at work, with servers of its own behind it.",
            "",
            "Runs on loopback with an example configuration and two small servers, all in this process, and says what",
            "to try. Ctrl-C ends it."
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8080", description = "For clients (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--admin-port", defaultValue = "9901", description = "For operators (default: ${DEFAULT-VALUE}).")
    private int adminPort;

    @Mixin
    private final GatewayFlags flags = new GatewayFlags();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (DemoFolder folder = DemoFolder.make();
                DemoShop one = DemoShop.open("shop-a", 0);
                DemoShop two = DemoShop.open("shop-b", 0);
                RunningGateway running = RunningGateway.start(
                        folder.config(),
                        flags,
                        options(folder, one, two),
                        spec.commandLine().getErr())) {
            out.print(whatToTry(running, folder));
            out.flush();
            running.await();
        } catch (CommandFailure e) {
            throw e.exitCode() == ExitCode.NOT_STARTED
                    ? new CommandFailure(e.exitCode(), e.getMessage() + "\nOther ports: --port and --admin-port.")
                    : e;
        }
        return ExitCode.OK;
    }

    private GatewayOptions options(DemoFolder folder, DemoShop one, DemoShop two) throws IOException {
        GatewayOptions options = RunningGateway.options(flags);
        main.logLibrariesTo(options.log());
        return options.withStandardOut(OutputStream.nullOutputStream())
                .withEnvironment(folder.environment(port, adminPort, one, two));
    }

    private static String whatToTry(RunningGateway running, DemoFolder folder) {
        String web = "http://localhost:" + running.gateway().port("web");
        return """

                Sallyport is running. In another terminal:

                  a public route, proxied to two servers in turn
                    curl -i %1$s/products/7

                  a refusal, with its reason (only POST is allowed here)
                    curl -i %1$s/orders

                  a path that two parsers would read differently
                    curl -i --path-as-is '%1$s/products/..%%2fsecret'

                  a route for callers with a token: 401 without one
                    curl -i -X POST %1$s/orders

                  a token from the gateway's own token service, and the same request with it;
                  the server behind the gateway is told who calls, and never sees the token
                    TOKEN=$(curl -s -u clerk:%5$s -d grant_type=client_credentials %1$s/oauth/token | cut -d'"' -f4)
                    curl -i -X POST -H "Authorization: Bearer $TOKEN" %1$s/orders

                  why may a caller order, and why not?
                    ./sallyport explain POST %1$s/orders --as clerk
                    ./sallyport explain POST %1$s/orders --as guest

                  a token that has expired: this client's last two seconds
                    TOKEN=$(curl -s -u hasty:%5$s -d grant_type=client_credentials %1$s/oauth/token | cut -d'"' -f4)
                    sleep 3; curl -i -X POST -H "Authorization: Bearer $TOKEN" %1$s/orders

                  a token that works once: whoever takes it afterwards has nothing
                    TOKEN=$(curl -s -u cashier:%5$s -d grant_type=client_credentials %1$s/oauth/token | cut -d'"' -f4)
                    curl -i -X POST -H "Authorization: Bearer $TOKEN" %1$s/payments
                    curl -i -X POST -H "Authorization: Bearer $TOKEN" %1$s/payments

                  a token bound to a key of its client (DPoP): a copy of it is worth nothing without the key,
                  and a proof is good once
                    TOKEN=$(curl -s -u courier:%5$s -d grant_type=client_credentials \\
                      -H "DPoP: $(./sallyport dpop-proof --key %6$s --method POST --url %1$s/oauth/token)" \\
                      %1$s/oauth/token | cut -d'"' -f4)
                    PROOF=$(./sallyport dpop-proof --key %6$s --method POST --url %1$s/parcels --token $TOKEN)
                    curl -i -X POST -H "Authorization: DPoP $TOKEN" -H "DPoP: $PROOF" %1$s/parcels
                    curl -i -X POST -H "Authorization: DPoP $TOKEN" -H "DPoP: $PROOF" %1$s/parcels

                  a token that its owner takes back
                    TOKEN=$(curl -s -u clerk:%5$s -d grant_type=client_credentials %1$s/oauth/token | cut -d'"' -f4)
                    curl -i -u clerk:%5$s -d token=$TOKEN %1$s/oauth/revoke
                    curl -i -X POST -H "Authorization: Bearer $TOKEN" %1$s/orders

                  an API key, made as the demo started, and one of your own
                    curl -i -H 'X-Api-Key: %7$s' %1$s/stock/7
                    SALLYPORT_DATA_DIR=%8$s ./sallyport key create --file %9$s --owner me

                  the keys that it signs and verifies with
                    ./sallyport keys

                  the metrics, for which the admin listener wants its token
                    curl -s -H 'Authorization: Bearer %2$s' %3$s/metrics | grep http_server

                Then edit %4$s: a good change is in use a moment later, a bad one is
                refused with its reason (`./sallyport status` shows it) while the old one keeps serving.

                Your own: ./sallyport init my.yaml, ./sallyport validate my.yaml, ./sallyport run my.yaml
                Ctrl-C ends the demo.

                """.formatted(
                        web,
                        running.gateway().adminToken(),
                        running.adminUrl(),
                        folder.config(),
                        folder.secret(),
                        folder.clientKey(),
                        folder.apiKey(),
                        folder.data(),
                        folder.keys());
    }
}
