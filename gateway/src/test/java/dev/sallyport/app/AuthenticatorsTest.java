package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.controlplane.compile.Compiled;
import dev.sallyport.controlplane.compile.Foundation;
import dev.sallyport.controlplane.compile.HostResolver;
import dev.sallyport.controlplane.compile.SnapshotCompiler;
import dev.sallyport.controlplane.config.Plugins;
import dev.sallyport.controlplane.config.read.ConfigReader;
import dev.sallyport.controlplane.config.read.ConfigText;
import dev.sallyport.dataplane.loop.Transport;
import dev.sallyport.dataplane.tls.TlsEngine;
import dev.sallyport.dataplane.upstream.Connector;
import dev.sallyport.extension.condition.CelExpressions;
import dev.sallyport.extension.limit.MemoryCounters;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.Badges;
import dev.sallyport.testing.FakeServices;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// When authenticators begin and end.
class AuthenticatorsTest {
    private final Badges.Factory badges = new Badges.Factory();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Authenticators authenticators =
            new Authenticators(new EventLog(logged, EventLog.Format.LOGFMT), Duration.ofMillis(50));

    /// A configuration with these authenticators, `NAME: ISSUER` each, one named `never` for one that is never ready.
    private Compiled compiled(@Nullable Compiled previous, String... namesAndIssuers) {
        StringBuilder yaml = new StringBuilder("""
                version: 1
                listeners: { plain: { bind: "127.0.0.1:8080" } }
                routes: { up: { match: {}, access: public, respond: { status: 200 } } }
                authenticators:
                """);
        for (String one : namesAndIssuers) {
            String[] parts = one.split(": ", 2);
            yaml.append("  ")
                    .append(parts[0])
                    .append(": { kind: badge, issuer: ")
                    .append(parts[1]);
            yaml.append(", never: ").append(parts[0].equals("never")).append(" }\n");
        }
        Plugins plugins = Catalog.plugins(EventLog.SILENT).and(List.of(badges));
        FakeServices services = new FakeServices();
        Foundation foundation = new Foundation(
                new Connector(Transport.NIO),
                1,
                HostResolver.SYSTEM,
                services,
                new CelExpressions(services.clock()),
                new MemoryCounters(System::nanoTime, services.clock(), Runnable::run),
                Auditing.none());
        return (Compiled) new SnapshotCompiler(plugins, foundation, TlsEngine.installed(), "test")
                .compile(
                        new ConfigReader(plugins, name -> null)
                                .read(ConfigText.of("gateway.yaml", Path.of(""), yaml.toString())),
                        previous,
                        1);
    }

    @Test
    void beginBeforeAConfigurationIsUsedAndEndAfterIt() {
        Compiled first = compiled(null, "staff: us", "partners: them");
        assertThat(badges.events()).isEmpty();
        Step use = authenticators.prepare(first);
        assertThat(badges.events()).containsExactlyInAnyOrder("start staff", "start partners");
        use.use();
        badges.events().clear();

        Compiled second = compiled(first, "staff: us", "partners: others");
        Step change = authenticators.prepare(second);
        assertThat(badges.events()).containsExactly("start partners");
        change.use();
        assertThat(badges.events()).containsExactly("start partners", "close partners");
        badges.events().clear();

        authenticators.prepare(compiled(second, "staff: us")).use();
        assertThat(badges.events()).containsExactly("close partners");
        badges.events().clear();
        authenticators.close();
        assertThat(badges.events()).containsExactly("close staff");
    }

    @Test
    void aChangeThatIsGivenUpEndsOnlyWhatItBegan() {
        Compiled first = compiled(null, "staff: us");
        authenticators.prepare(first).use();
        badges.events().clear();
        authenticators.prepare(compiled(first, "staff: us", "partners: them")).abandon();
        assertThat(badges.events()).containsExactly("start partners", "close partners");
    }

    @Test
    void oneThatIsNotReadyInTimeIsToldAndHoldsNothingUp() {
        authenticators.prepare(compiled(null, "never: us", "staff: us")).use();
        assertThat(badges.events()).containsExactlyInAnyOrder("start never", "start staff");
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains("event=authenticator.not_ready", "authenticator=never")
                .doesNotContain("authenticator=staff");
    }
}
