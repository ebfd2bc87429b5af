package dev.sallyport.extension.authn.certificate;

import dev.sallyport.api.exchange.Decision;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.HeaderEdits;
import dev.sallyport.api.exchange.Phase;
import dev.sallyport.api.exchange.Policy;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.exchange.UpstreamPolicies;
import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.PluginContext;
import dev.sallyport.api.plugin.PluginFactory;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/// `client-cert`: tells the upstream which certificate the client proved (RFC 9440). What the client itself says in
/// these fields never travels on, here or anywhere (threat HD-12).
public final class ClientCertField implements Policy {
    private static final String FIELD = "Client-Cert";
    private static final String CHAIN_FIELD = "Client-Cert-Chain";
    /// Servers commonly take heads of 32 KiB and less.
    private static final int LARGEST = 16 * 1024;

    private static final Decision TOO_LARGE = new Decision.Refuse(Refusal.of(
            400,
            "certificate-too-large",
            "Client certificate too large",
            "The client certificate is too large to be passed on."));

    private final boolean chain;

    private ClientCertField(boolean chain) {
        this.chain = chain;
    }

    @Override
    public Phase phase() {
        return Phase.PREPARE;
    }

    @Override
    public boolean foreseeable() {
        return true;
    }

    @Override
    public Decision decide(Exchange exchange) {
        List<X509Certificate> certificates = exchange.connection().certificates();
        if (certificates.isEmpty()) {
            return Decision.PROCEED;
        }
        String own = binary(certificates.getFirst());
        String others = chain ? list(certificates.subList(1, certificates.size())) : "";
        if (own.length() + others.length() > LARGEST) {
            return TOO_LARGE;
        }
        HeaderEdits edits = exchange.requestEdits().set(FIELD, own);
        if (!others.isEmpty()) {
            edits.set(CHAIN_FIELD, others);
        }
        return Decision.PROCEED;
    }

    private static String list(List<X509Certificate> certificates) {
        StringBuilder list = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            list.append(list.isEmpty() ? "" : ", ").append(binary(certificate));
        }
        return list.toString();
    }

    /// The certificate as a byte sequence of structured fields (RFC 9651 §3.3.5).
    private static String binary(X509Certificate certificate) {
        try {
            return ':' + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ':';
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is told.
    @Doc("Tells the upstream which certificate the client proved, as `Client-Cert` (RFC 9440); nothing when it proved "
            + "none. The upstream must be reachable through this gateway only.")
    public record Config(
            @Doc("Whether the certificates of the authorities between follow in `Client-Cert-Chain`.") @Default("false")
            boolean chain) {}

    /// Makes the policy of `client-cert`.
    public static final class Factory implements PluginFactory<Config, UpstreamPolicies> {
        @Override
        public String kind() {
            return "client-cert";
        }

        @Override
        public Class<Config> configType() {
            return Config.class;
        }

        @Override
        public Class<UpstreamPolicies> pluginType() {
            return UpstreamPolicies.class;
        }

        @Override
        public UpstreamPolicies create(Config config, PluginContext context) {
            return new UpstreamPolicies(List.of(new ClientCertField(config.chain())));
        }
    }
}
