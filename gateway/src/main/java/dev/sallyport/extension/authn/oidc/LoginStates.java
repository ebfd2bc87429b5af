package dev.sallyport.extension.authn.oidc;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
import dev.sallyport.extension.authn.session.Sealer;
import dev.sallyport.extension.authn.session.SealingKeys;
import dev.sallyport.extension.authn.session.Token;
import dev.sallyport.extension.authn.session.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Logins that were begun and are not over: ten minutes, one use each (threats OA-02, OA-06). Bounded by the client's
/// network, so that nobody can use up the room of all.
@OffLoop("virtual threads")
final class LoginStates {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int IPV4 = 4;
    private static final int IPV6_NETWORK = 8;
    private static final int PARTS = 5;

    private final SharedState state;
    private final String space;

    LoginStates(SharedState state, String space) {
        this.state = state;
        this.space = space;
    }

    /// What a login must end with to be the one that was begun.
    ///
    /// @param binding  in the cookie of the browser that began it
    /// @param nonce    in the ID token
    /// @param verifier proves to the provider that who changes the code began the login (RFC 7636)
    /// @param publicUrl where it was begun
    /// @param returnTo where the browser goes then
    record Begun(Token binding, Token nonce, Token verifier, String publicUrl, String returnTo) {}

    /// Keeps `begun` under `name`; false when there is no room.
    boolean put(Token name, Begun begun, Sealer sealer, InetAddress client) {
        String owner = network(client);
        if (Waiting.on(state.mark(space + ":begun", owner, name.hash(), KEPT)) != SharedState.Mark.FRESH) {
            return false;
        }
        String text = String.join(
                "\n", begun.binding.text(), begun.nonce.text(), begun.verifier.text(), begun.publicUrl, begun.returnTo);
        byte[] sealed = sealer.seal(name.secret(), text.getBytes(StandardCharsets.UTF_8));
        return Waiting.on(state.replace(space, name.hash(), null, sealed, KEPT));
    }

    /// Takes what was kept under `name`, once; null when there is nothing.
    ///
    /// @throws IOException the keys cannot be had
    @Nullable
    Begun take(Token name, SealingKeys keys) throws IOException {
        byte[] sealed = Waiting.on(state.get(space, name.hash()));
        if (sealed == null || !Waiting.on(state.replace(space, name.hash(), sealed, null, KEPT))) {
            return null;
        }
        byte[] text = keys.readyFor(sealed).open(name.secret(), sealed);
        String[] parts = text == null ? new String[0] : new String(text, StandardCharsets.UTF_8).split("\n", -1);
        if (parts.length != PARTS) {
            return null;
        }
        return new Begun(new Token(parts[0]), new Token(parts[1]), new Token(parts[2]), parts[3], parts[4]);
    }

    /// What one customer has: an IPv4 address or an IPv6 /64.
    private static String network(InetAddress client) {
        byte[] octets = client.getAddress();
        return HexFormat.of().formatHex(octets, 0, octets.length == IPV4 ? IPV4 : IPV6_NETWORK);
    }
}
