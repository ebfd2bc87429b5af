package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.access.Authenticator;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginException;
import dev.sallyport.api.plugin.PluginFactory;
import dev.sallyport.extension.authn.jose.pool.VerificationPool;
import dev.sallyport.remote.RemoteTls;
import dev.sallyport.telemetry.EventLog;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// Makes the authenticator `client-certificate`.
@OffLoop("control threads, when a configuration is compiled")
public final class ClientCertificateFactory implements PluginFactory<CertificateConfig, Authenticator> {
    private final EventLog log;
    private final VerificationPool pool;
    private final LongSupplier nanos;

    /// @param log where a responder that fails is named
    /// @param pool where paths to `trust` are validated
    public ClientCertificateFactory(EventLog log, VerificationPool pool) {
        this(log, pool, System::nanoTime);
    }

    ClientCertificateFactory(EventLog log, VerificationPool pool, LongSupplier nanos) {
        this.log = log;
        this.pool = pool;
        this.nanos = nanos;
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
                    context.name(),
                    new KnownCertificates(reader, null, pool),
                    RevocationLists.NONE,
                    null,
                    context.services().clock(),
                    roles);
        }
        List<X509Certificate> authorities = TrustFiles.authorities(trust);
        CertificateConfig.Crl crl = config.crl();
        RevocationLists lists = crl == null
                ? RevocationLists.NONE
                : TrustFiles.lists(crl, authorities, context.services().clock().instant());
        return new ClientCertificate(
                context.name(),
                new KnownCertificates(reader, TrustFiles.paths(authorities), pool),
                lists,
                config.ocsp() == null ? null : ocsp(config.ocsp(), authorities, context),
                context.services().clock(),
                roles);
    }

    private Ocsp ocsp(OcspConfig config, List<X509Certificate> authorities, PluginContext context)
            throws PluginException {
        InstantSource clock = context.services().clock();
        URI responder = responder(config.responder());
        if (config.tls() != null && !"https".equals(responder.getScheme())) {
            throw new PluginException("ocsp.tls", "given for " + responder + " (expected: an https URL)");
        }
        OcspQuestion question = new OcspQuestion(
                responder, config, RemoteTls.context(config.tls(), "ocsp.tls", clock.instant()), authorities, clock);
        return new Ocsp(
                context.name(), config, question, log, context.services().blocking(), nanos);
    }

    private static URI responder(String url) throws PluginException {
        try {
            URI responder = new URI(url);
            boolean http = "http".equals(responder.getScheme()) || "https".equals(responder.getScheme());
            if (http
                    && responder.getHost() != null
                    && responder.getUserInfo() == null
                    && responder.getFragment() == null) {
                return responder;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw new PluginException("ocsp.responder", url + " (expected: an absolute URL of http or https)");
    }
}
