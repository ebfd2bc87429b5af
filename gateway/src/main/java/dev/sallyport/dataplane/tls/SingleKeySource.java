package dev.sallyport.dataplane.tls;

import io.netty.handler.ssl.util.SimpleKeyManagerFactory;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.ManagerFactoryParameters;

/// Hands one way of choosing keys to a TLS context.
final class SingleKeySource extends SimpleKeyManagerFactory {
    private final KeyManager keys;

    SingleKeySource(KeyManager keys) {
        this.keys = keys;
    }

    @Override
    protected void engineInit(KeyStore keyStore, char[] password) {
        // complete as it is
    }

    @Override
    protected void engineInit(ManagerFactoryParameters parameters) {
        // complete as it is
    }

    @Override
    protected KeyManager[] engineGetKeyManagers() {
        return new KeyManager[] {keys};
    }
}
