package dev.sallyport.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// A certificate authority of one test, and the certificates it issues, good ones and bad ones; keys are P-256
/// unless wanted otherwise.
public final class TestCertificates {
    private static final AtomicLong SERIAL = new AtomicLong(1);

    private final Issued authority;
    private final boolean root;

    private TestCertificates(Issued authority, boolean root) {
        this.authority = authority;
        this.root = root;
    }

    /// A certificate with its key.
    ///
    /// @param chain the certificate, then its issuers without the root
    public record Issued(List<X509Certificate> chain, PrivateKey key) {
        public Issued {
            chain = List.copyOf(chain);
        }

        public X509Certificate certificate() {
            return chain.getFirst();
        }

        /// Chain and key for a client or server of the JDK.
        public KeyManagerFactory keys() throws GeneralSecurityException {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
                KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(store, new char[0]);
                return keys;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        public String chainPem() {
            StringBuilder text = new StringBuilder();
            try {
                for (X509Certificate certificate : chain) {
                    text.append(pem("CERTIFICATE", certificate.getEncoded()));
                }
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
            return text.toString();
        }

        public String keyPem() {
            return pem("PRIVATE KEY", key.getEncoded());
        }

        /// Writes `NAME.crt` and `NAME.key`.
        public Issued write(Path directory, String name) throws IOException {
            Files.writeString(directory.resolve(name + ".crt"), chainPem());
            Files.writeString(directory.resolve(name + ".key"), keyPem());
            return this;
        }
    }

    /// What a certificate is to be.
    public static final class Wanted {
        private String subject = "CN=test";
        private final List<GeneralName> names = new ArrayList<>();
        private final List<KeyPurposeId> purposes = new ArrayList<>();
        private Instant notBefore = Instant.now().minus(Duration.ofHours(1));
        private Instant notAfter = Instant.now().plus(Duration.ofDays(30));
        private @Nullable BasicConstraints constraints;
        private int usage = KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature;
        private String keys = "EC";
        private int keySize = 256;
        private String digest = "SHA256";

        /// Adds DNS names, or IP addresses where they begin with a digit or hold a colon.
        public Wanted names(String... added) {
            for (String name : added) {
                boolean address = name.contains(":") || Character.isDigit(name.charAt(0));
                names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
            }
            return this;
        }

        public Wanted uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        public Wanted email(String address) {
            names.add(new GeneralName(GeneralName.rfc822Name, address));
            return this;
        }

        public Wanted until(Instant end) {
            notAfter = end;
            return this;
        }

        public Wanted subject(String name) {
            subject = name;
            return this;
        }

        public Wanted forServers() {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
            return this;
        }

        public Wanted forClients() {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
            return this;
        }

        /// One that may sign answers of its issuer's responder.
        public Wanted forAnswers() {
            purposes.add(KeyPurposeId.id_kp_OCSPSigning);
            return this;
        }

        public Wanted expired() {
            notAfter = Instant.now().minus(Duration.ofMinutes(1));
            return this;
        }

        public Wanted notYetValid() {
            notBefore = Instant.now().plus(Duration.ofHours(1));
            return this;
        }

        public Wanted certificateAuthority() {
            constraints = new BasicConstraints(true);
            return this;
        }

        /// An authority whose key is for certificates only.
        public Wanted withoutLists() {
            usage = KeyUsage.keyCertSign;
            return this;
        }

        public Wanted rsa(int bits) {
            keys = "RSA";
            keySize = bits;
            return this;
        }

        public Wanted sha1() {
            digest = "SHA1";
            return this;
        }
    }

    /// A new root authority.
    public static TestCertificates authority(String name) {
        return new TestCertificates(
                selfSigned(wanted -> wanted.subject("CN=" + name).certificateAuthority()), true);
    }

    /// An authority below this one.
    public TestCertificates intermediate(String name) {
        return new TestCertificates(issue(wanted -> wanted.subject("CN=" + name).certificateAuthority()), false);
    }

    /// A certificate that acts as an authority, whether it is one or not.
    public static TestCertificates of(Issued certificate) {
        return new TestCertificates(certificate, false);
    }

    /// The authority's own certificate.
    public X509Certificate certificate() {
        return authority.certificate();
    }

    /// The authority's own certificate with its key.
    public Issued own() {
        return authority;
    }

    /// The authority's own certificate as a file's text.
    public String pem() {
        return authority.chainPem();
    }

    /// A server certificate for these DNS names and IP addresses.
    public Issued server(String... names) {
        return issue(wanted -> wanted.names(names).forServers());
    }

    /// A client certificate with this URI as its name.
    public Issued client(String uri) {
        return issue(wanted -> wanted.uri(uri).forClients());
    }

    /// What a client needs that believes this authority and, when asked, shows `own`.
    public SSLContext context(@Nullable Issued own) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : own.keys().getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Any certificate.
    public Issued issue(UnaryOperator<Wanted> properties) {
        return issue(properties.apply(new Wanted()), authority, root);
    }

    /// A revocation list in PEM.
    public String revocationList(Instant thisUpdate, Instant nextUpdate, X509Certificate... revoked) {
        return revocationList(this, thisUpdate, nextUpdate, false, revoked);
    }

    /// A list, in PEM, that does not say how long it is good.
    public String endlessList(Instant thisUpdate) {
        return revocationList(this, thisUpdate, null, false);
    }

    /// A list, in PEM, that says it is of `named` and is signed by this authority.
    public String listInTheNameOf(
            TestCertificates named, Instant thisUpdate, Instant nextUpdate, X509Certificate... revoked) {
        return revocationList(named, thisUpdate, nextUpdate, false, revoked);
    }

    /// A list, in PEM, of what changed since another one (RFC 5280 §5.2.4).
    public String deltaList(Instant thisUpdate, Instant nextUpdate) {
        return revocationList(this, thisUpdate, nextUpdate, true);
    }

    private String revocationList(
            TestCertificates named,
            Instant thisUpdate,
            @Nullable Instant nextUpdate,
            boolean delta,
            X509Certificate... revoked) {
        try {
            JcaX509v2CRLBuilder builder =
                    new JcaX509v2CRLBuilder(named.certificate().getSubjectX500Principal(), Date.from(thisUpdate));
            if (nextUpdate != null) {
                builder.setNextUpdate(Date.from(nextUpdate));
            }
            for (X509Certificate certificate : revoked) {
                builder.addCRLEntry(certificate.getSerialNumber(), Date.from(thisUpdate), CRLReason.keyCompromise);
            }
            if (delta) {
                builder.addExtension(Extension.deltaCRLIndicator, true, new ASN1Integer(1));
            }
            byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.key()))
                    .getEncoded();
            return pem("X509 CRL", der);
        } catch (OperatorCreationException | IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Any certificate that is its own issuer.
    public static Issued selfSigned(UnaryOperator<Wanted> properties) {
        return issue(properties.apply(new Wanted()), null, true);
    }

    private static Issued issue(Wanted wanted, @Nullable Issued issuer, boolean fromRoot) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(wanted.keys);
            generator.initialize(wanted.keySize);
            KeyPair pair = generator.generateKeyPair();
            X500Name subject = new X500Name(wanted.subject);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer == null
                            ? subject
                            : X500Name.getInstance(issuer.certificate()
                                    .getSubjectX500Principal()
                                    .getEncoded()),
                    BigInteger.valueOf(SERIAL.getAndIncrement()),
                    Date.from(wanted.notBefore),
                    Date.from(wanted.notAfter),
                    subject,
                    pair.getPublic());
            extend(builder, wanted);
            PrivateKey signing = issuer == null ? pair.getPrivate() : issuer.key();
            String algorithm = wanted.digest + "with" + (signing.getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(signing)));
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            if (issuer != null && !fromRoot) {
                chain.addAll(issuer.chain());
            }
            return new Issued(chain, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new AssertionError(e);
        }
    }

    private static void extend(JcaX509v3CertificateBuilder builder, Wanted wanted) throws CertIOException {
        if (wanted.constraints != null) {
            builder.addExtension(Extension.basicConstraints, true, wanted.constraints);
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(wanted.usage));
        }
        if (!wanted.names.isEmpty()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(wanted.names.toArray(GeneralName[]::new)));
        }
        if (!wanted.purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(wanted.purposes.toArray(KeyPurposeId[]::new)));
        }
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
