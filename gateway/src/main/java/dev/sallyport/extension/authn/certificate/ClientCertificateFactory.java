package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/// Makes the authenticator `client-certificate`.
@OffLoop("control threads, when a configuration is compiled")
public final class ClientCertificateFactory implements PluginFactory<CertificateConfig, Authenticator> {
    private final VerificationPool pool;

    /// @param pool where paths to `trust` are validated
    public ClientCertificateFactory(VerificationPool pool) {
        this.pool = pool;
    }

    @Override
    public String kind() {
        return "client-certificate";
    }

    @Override
    public Class<CertificateConfig> configType() {
        return CertificateConfig.class;
    }

    @Override
    public Class<Authenticator> pluginType() {
        return Authenticator.class;
    }

    @Override
    public Authenticator create(CertificateConfig config, PluginContext context) throws PluginException {
        CertificateReader reader =
                new CertificateReader(context.name(), config.principal(), new AllowedIds(config.allow()));
        Set<String> roles = Set.copyOf(config.principal().roles());
        Path trust = config.trust();
        if (trust == null) {
            return new ClientCertificate(
                    new KnownCertificates(reader, null, pool),
                    RevocationLists.NONE,
                    context.services().clock(),
                    roles);
        }
        List<X509Certificate> authorities = TrustFiles.authorities(trust);
        CertificateConfig.Crl crl = config.crl();
        RevocationLists lists = crl == null
                ? RevocationLists.NONE
                : TrustFiles.lists(crl, authorities, context.services().clock().instant());
        return new ClientCertificate(
                new KnownCertificates(reader, TrustFiles.paths(authorities), pool),
                lists,
                context.services().clock(),
                roles);
    }
}
