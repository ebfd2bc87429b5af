package dev.sallyport.testing;

import java.io.IOException;

/// An attacker and a victim at one gateway, for attacks whose effect is on somebody else.
public record TwoClients(RawClient attacker, RawClient victim) implements AutoCloseable {
    public static TwoClients connect(int port) throws IOException {
        return new TwoClients(RawClient.connect(port), RawClient.connect(port));
    }

    @Override
    public void close() throws IOException {
        attacker.close();
        victim.close();
    }
}
