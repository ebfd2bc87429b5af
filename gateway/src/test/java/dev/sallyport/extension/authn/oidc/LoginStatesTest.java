package dev.sallyport.extension.authn.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.extension.authn.session.Sealer;
import dev.sallyport.extension.authn.session.SealingKeys;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.testing.FakeServices;
import dev.sallyport.testing.NotingServices;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginStatesTest {
    private final NotingServices services = NotingServices.of(new FakeServices());
    private final LoginStates states = new LoginStates(services.state(), "login");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void OA_02_roomForStatesIsCountedByTheNetworkOfTheClient() throws IOException {
        Sealer sealer = new SealingKeys(
                        folder.resolve("keys"), services.state(), Duration.ofMinutes(10), services.clock(), "login")
                .ready();
        for (String address :
                List.of("192.0.2.1", "192.0.2.2", "2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")) {
            LoginStates.Begun begun =
                    new LoginStates.Begun(Token.random(), Token.random(), Token.random(), Site.URL, "/");
            assertThat(states.put(Token.random(), begun, sealer, InetAddress.getByName(address)))
                    .isTrue();
        }
        List<String> owners = services.owners();
        assertThat(owners.get(2)).as("one /64").isEqualTo(owners.get(3));
        assertThat(List.of(owners.get(0), owners.get(1), owners.get(2), owners.get(4)))
                .doesNotHaveDuplicates();
    }
}
