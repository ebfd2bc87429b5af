package dev.sallyport.extension.authn.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.exchange.ClientConnection;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.telemetry.EventLog;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.Settled;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BasicTest {
    private static final PasswordHash HASH = PasswordHash.argon2id("correct horse", new SecureRandom());

    @TempDir
    Path folder;

    private final FakeServices services = new FakeServices();
    private Path users = Path.of("");

    @BeforeEach
    void write() throws IOException {
        users = Files.writeString(folder.resolve("users.yaml"), """
                version: "1"
                users: { ann: { password: "%s", roles: [operator], tenant: a, claims: { floor: 3 } } }
                """.formatted(HASH.text()));
    }

    private Authenticator basic() throws PluginException {
        return basic(new VerificationPool());
    }

    private Authenticator basic(VerificationPool pool) throws PluginException {
        return new Basic.Factory(EventLog.SILENT, pool)
                .create(
                        new BasicConfig(users, "inside", Duration.ofSeconds(60)),
                        new PluginContext("staff", 1, services));
    }

    private static Exchange exchange(String text, ClientConnection connection) {
        return Exchanges.request()
                .connection(connection)
                .header(
                        "authorization",
                        "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .exchange();
    }

    private static Exchange exchange(String text) {
        return exchange(
                text,
                new ClientConnection(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 1234), "public", null, null));
    }

    @Test
    void AK_09_thePasswordIsCheckedOffTheLoopAndThenRemembered() throws Exception {
        Authenticator basic = basic();
        Authentication first = basic.authenticate(exchange("ann:correct horse"));
        assertThat(first).isInstanceOf(Authentication.Await.class);
        Authentication.Proven proven = (Authentication.Proven) Settled.of(first);
        assertThat(proven.principal().id()).isEqualTo("ann");
        assertThat(proven.principal().tenant()).isEqualTo("a");
        assertThat(proven.principal().roles()).containsExactly("operator");

        assertThat(basic.authenticate(exchange("ann:correct horse"))).isSameAs(proven);
        assertThat(basic.authenticate(exchange("ann:correct horsf"))).isInstanceOf(Authentication.Await.class);
        services.at(services.clock().instant().plusSeconds(60));
        assertThat(basic.authenticate(exchange("ann:correct horse"))).isInstanceOf(Authentication.Await.class);
    }

    @Test
    void AK_09_theSamePasswordAtTheSameMomentIsCheckedOnce() throws Exception {
        Authenticator basic = basic();
        Authentication.Await one = (Authentication.Await) basic.authenticate(exchange("ann:wrong"));
        Authentication.Await other = (Authentication.Await) basic.authenticate(exchange("ann:wrong"));
        assertThat(other.authentication()).isSameAs(one.authentication());
        Settled.of(one);
    }

    @Test
    void AK_09_aFloodOfPasswordsIsBoundedPerNetwork() throws Exception {
        List<Runnable> held = new ArrayList<>();
        Authenticator basic = basic(new VerificationPool(held::add, 100, 10));
        Authentication last = Authentication.NO_CREDENTIAL;
        for (int i = 0; i < 10; i++) {
            last = basic.authenticate(exchange("ann:guess" + i));
            assertThat(last).isInstanceOf(Authentication.Await.class);
        }
        for (int i = 10; i < 30; i++) {
            Authentication found = basic.authenticate(exchange("ann:guess" + i));
            assertThat(((Authentication.BadCredential) found).refusal().code()).isEqualTo("verification-limit");
        }
        assertThat(held).hasSize(10);
        held.forEach(Runnable::run);
        assertThat(((Authentication.BadCredential) Settled.of(last)).refusal().status())
                .isEqualTo(401);
        assertThat(basic.authenticate(exchange("ann:guess30"))).isInstanceOf(Authentication.Await.class);
    }

    @Test
    void AK_07_aNameThatNobodyHasCostsWhatSomeUserCosts() throws Exception {
        PasswordHash bcrypt = PasswordHash.bcrypt("whatever", new SecureRandom());
        UserTable table = new UserTable(Map.of(
                "ann", user(HASH),
                "bob", user(bcrypt)));
        Set<PasswordHash> all =
                IntStream.range(0, 100).mapToObj(i -> table.decoy("nobody" + i)).collect(Collectors.toSet());
        assertThat(all).containsExactlyInAnyOrder(HASH, bcrypt);
        assertThat(table.decoy("eve")).isSameAs(table.decoy("eve"));

        Authentication unknown = basic().authenticate(exchange("eve:correct horse"));
        assertThat(unknown).isInstanceOf(Authentication.Await.class);
        assertThat(((Authentication.BadCredential) Settled.of(unknown))
                        .refusal()
                        .code())
                .isEqualTo("basic-unknown");
        assertThat(new UserTable(Map.of()).decoy("eve").matches(new byte[0])).isFalse();
    }

    private static UserTable.User user(PasswordHash hash) {
        return new UserTable.User(hash, false, Authentication.NO_CREDENTIAL);
    }

    @Test
    void passwordsInTheClearAreRefused() throws Exception {
        InetSocketAddress far = new InetSocketAddress(Exchanges.address("192.0.2.7"), 1234);
        Authentication found =
                basic().authenticate(exchange("ann:correct horse", new ClientConnection(far, "public", null, null)));
        assertThat(((Authentication.BadCredential) found).refusal().code()).isEqualTo("basic-in-the-clear");
        assertThat(basic().authenticate(
                                exchange("ann:correct horse", new ClientConnection(far, "public", "TLSv1.3", null))))
                .isInstanceOf(Authentication.Await.class);
    }

    @Test
    void passwordsBehindAPublicUrlWithoutTlsAreRefused() throws Exception {
        InetSocketAddress far = new InetSocketAddress(Exchanges.address("192.0.2.7"), 1234);
        for (String url : List.of("http://api.example.com", "https://api.example.com")) {
            ClientConnection.Listener listener = new ClientConnection.Listener("public", List.of(), url);
            Authentication found = basic().authenticate(
                            exchange("ann:correct horse", new ClientConnection(far, listener, null, null, List.of())));
            if (url.startsWith("https:")) {
                assertThat(found).isInstanceOf(Authentication.Await.class);
            } else {
                assertThat(((Authentication.BadCredential) found).refusal().code())
                        .isEqualTo("basic-in-the-clear");
            }
        }
    }

    @Test
    void AK_09_checksOfTwoUsersAtTheSameMomentAreTwo() throws Exception {
        PasswordHash other = PasswordHash.argon2id("correct horse", new SecureRandom());
        Files.writeString(
                users, Files.readString(users).replace("ann:", "annx: { password: \"" + other.text() + "\" }, ann:"));
        List<Runnable> held = new ArrayList<>();
        Authenticator basic = basic(new VerificationPool(held::add, 100, 10));
        Authentication longer = basic.authenticate(exchange("annx:correct horse"));
        Authentication shorter = basic.authenticate(exchange("ann:correct horse"));
        Authentication joined = basic.authenticate(exchange("ann:xcorrect horse"));
        assertThat(held).as("none joins another's check").hasSize(3);
        held.forEach(Runnable::run);
        assertThat(((Authentication.Proven) Settled.of(longer)).principal().id())
                .isEqualTo("annx");
        assertThat(((Authentication.Proven) Settled.of(shorter)).principal().id())
                .isEqualTo("ann");
        assertThat(Settled.of(joined)).isInstanceOf(Authentication.BadCredential.class);
    }

    /// Only a lower bound: an Argon2id of 19 MiB costs tens of milliseconds of any processor, a look-up microseconds.
    @Test
    void AK_07_aNameThatNobodyHasIsHashedFor() throws Exception {
        Authenticator basic = basic(new VerificationPool(Runnable::run, 100, 10));
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        Authentication found = Settled.of(basic.authenticate(exchange("eve:correct horse")));
        long spent = threads.getCurrentThreadCpuTime() - before;
        assertThat(((Authentication.BadCredential) found).refusal().code()).isEqualTo("basic-unknown");
        assertThat(Duration.ofNanos(spent)).isGreaterThan(Duration.ofMillis(5));
    }

    @Test
    void AK_09_remembersABoundedNumberOfPasswords() {
        Remembered remembered = new Remembered(60_000, 1);
        for (int i = 0; i < 10_000; i++) {
            remembered.add("mark" + i, HASH, 0);
        }
        remembered.add("one more", HASH, 0);
        assertThat(remembered.holds("mark0", HASH, 0)).isTrue();
        assertThat(remembered.holds("one more", HASH, 0)).isFalse();
        remembered.add("later", HASH, 60_000);
        assertThat(remembered.holds("later", HASH, 60_000))
                .as("what has ended leaves its room")
                .isTrue();
    }

    @Test
    void saysWhatIsWrongWithAFileWithoutItsHashes() throws Exception {
        String good = Files.readString(users);
        for (String broken : new String[] {
            good.replace("ann:", "\"a:b\":"), good.replace("$argon2id", "$argon2i"), good.replace("roles", "rolls")
        }) {
            Files.writeString(users, broken);
            assertThatThrownBy(this::basic)
                    .isInstanceOf(PluginException.class)
                    .hasMessageContaining("users.yaml: users")
                    .hasMessageNotContaining(HASH.text().substring(40));
        }
    }
}
