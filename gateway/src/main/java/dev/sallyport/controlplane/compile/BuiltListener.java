package dev.sallyport.controlplane.compile;

import dev.sallyport.controlplane.config.ListenerConfig;
import dev.sallyport.dataplane.snapshot.ListenerSettings;
import dev.sallyport.dataplane.tls.ListenerTls;
import dev.sallyport.dataplane.tls.ServerTlsSettings;
import dev.sallyport.dataplane.tls.TlsException;
import org.jspecify.annotations.Nullable;

/// A listener with what it was made of.
///
/// @param seen    a digest of the contents of the files its configuration refers to
/// @param tls     what serves, perhaps since an earlier compilation; null for plain text
/// @param renewed what `tls` is to serve with; tried with the engine
public record BuiltListener(
        ListenerSettings settings,
        ListenerConfig config,
        String seen,
        @Nullable ListenerTls tls,
        @Nullable ServerTlsSettings renewed) {

    void renewCertificates() {
        if (tls == null || renewed == null || tls.settings().equals(renewed)) {
            return;
        }
        try {
            tls.replace(renewed);
        } catch (TlsException e) {
            throw new IllegalStateException("settings that were tried before", e);
        }
    }
}
