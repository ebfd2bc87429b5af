package dev.sallyport.app;

import dev.sallyport.controlplane.config.RevocationConfig;
import dev.sallyport.controlplane.revocation.RevocationWatch;
import java.io.IOException;

/// Revocation as a part of each change of configuration.
final class Revoking {
    private Revoking() {}

    /// Reads what `config` names.
    ///
    /// @throws IOException it cannot be read, and nothing was changed
    static Step prepare(RevocationWatch watch, RevocationConfig config) throws IOException {
        RevocationWatch.Prepared prepared = watch.prepare(config);
        return new Step() {
            @Override
            public void use() {
                prepared.use();
            }

            @Override
            public void abandon() {}
        };
    }
}
