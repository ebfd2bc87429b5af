package dev.sallyport.extension.authn.jose;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// A key that signatures are checked with, and the algorithms it may be used for: those of its kind, and of its
/// `alg` where it states one (threats JW-02, JW-03).
///
/// Safe for all threads. Checking a signature takes 20 µs to 700 µs: not for event loops, except with a secret.
public final class VerificationKey {
    private final @Nullable String id;
    private final String thumbprint;
    private final Algorithm.Family family;
    private final Set<Algorithm> algorithms;
    private final @Nullable PublicKey key;
    private final @Nullable SecretKeySpec secret;
    private final SignatureProvider provider;
    private final Map<Algorithm, Queue<Signature>> signatures = new EnumMap<>(Algorithm.class);
    private final Map<Algorithm, Queue<Mac>> macs = new EnumMap<>(Algorithm.class);
    private final Instant since = Instant.now();
    private volatile boolean retired;

    private VerificationKey(
            @Nullable String id,
            String thumbprint,
            Set<Algorithm> algorithms,
            @Nullable PublicKey key,
            @Nullable SecretKeySpec secret,
            SignatureProvider provider) {
        this.id = id;
        this.thumbprint = thumbprint;
        this.algorithms = EnumSet.copyOf(algorithms);
        this.family = algorithms.iterator().next().family();
        this.key = key;
        this.secret = secret;
        this.provider = provider;
    }

    /// A public key.
    ///
    /// @param thumbprint what tells it from other keys (RFC 7638)
    /// @param algorithms at least one, all of the key's family
    /// @throws GeneralSecurityException nothing here can check signatures with it
    static VerificationKey of(
            @Nullable String id,
            String thumbprint,
            Set<Algorithm> algorithms,
            PublicKey key,
            SignatureProvider provider)
            throws GeneralSecurityException {
        VerificationKey made = new VerificationKey(id, thumbprint, algorithms, key, null, provider);
        for (Algorithm algorithm : algorithms) {
            Queue<Signature> idle = new ConcurrentLinkedQueue<>();
            idle.add(made.prepare(algorithm));
            made.signatures.put(algorithm, idle);
        }
        return made;
    }

    /// A shared secret, for those of `algorithms` whose hash is no longer than it (RFC 7518 §3.2).
    ///
    /// @throws IllegalArgumentException when it is too short for all of them
    public static VerificationKey ofSecret(@Nullable String id, byte[] secret, Set<Algorithm> algorithms) {
        Set<Algorithm> usable = EnumSet.noneOf(Algorithm.class);
        for (Algorithm algorithm : algorithms) {
            if (algorithm.family() == Algorithm.Family.SECRET && secret.length >= algorithm.hashOctets()) {
                usable.add(algorithm);
            }
        }
        if (usable.isEmpty()) {
            throw new IllegalArgumentException(
                    secret.length + " octets (expected: at least as many as the hash has, 32 for HS256)");
        }
        SecretKeySpec spec = new SecretKeySpec(secret, "HMAC");
        VerificationKey made = new VerificationKey(id, "", usable, null, spec, SignatureProvider.JDK);
        usable.forEach(algorithm -> made.macs.put(algorithm, new ConcurrentLinkedQueue<>()));
        return made;
    }

    /// `kid`, or null.
    public @Nullable String id() {
        return id;
    }

    /// The RFC 7638 thumbprint (SHA-256, base64url); empty for a secret, of which nothing is told.
    public String thumbprint() {
        return thumbprint;
    }

    /// Since when it is known here.
    public Instant since() {
        return since;
    }

    public Set<Algorithm> algorithms() {
        return EnumSet.copyOf(algorithms);
    }

    /// Whether it may be used for `algorithm`.
    public boolean isFor(Algorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /// Whether it is cheap enough to be used on an event loop.
    public boolean isSecret() {
        return secret != null;
    }

    /// Whether it was taken back: what it verified before counts no more (threat JW-20).
    public boolean retired() {
        return retired;
    }

    void retire() {
        retired = true;
    }

    /// Whether it is the same key for the same uses under the same name.
    boolean sameAs(VerificationKey other) {
        return thumbprint.equals(other.thumbprint)
                && Objects.equals(id, other.id)
                && algorithms.equals(other.algorithms)
                && !isSecret();
    }

    /// Whether `signature` is that of the first `length` octets of `data` by this key; never, for an algorithm that it
    /// is not for: nothing is prepared to check that.
    public boolean verify(Algorithm algorithm, byte[] data, int length, byte[] signature) {
        return isSecret()
                ? verifyMac(algorithm, data, length, signature)
                : verifySignature(algorithm, data, length, signature);
    }

    private boolean verifySignature(Algorithm algorithm, byte[] data, int length, byte[] signature) {
        Queue<Signature> idle = signatures.get(algorithm);
        if (idle == null || !plausible(signature)) {
            return false;
        }
        try {
            Signature prepared = idle.poll();
            if (prepared == null) {
                prepared = prepare(algorithm);
            }
            prepared.update(data, 0, length);
            boolean good = prepared.verify(signature);
            idle.add(prepared);
            return good;
        } catch (GeneralSecurityException | RuntimeException bad) {
            // whatever state the object is in now, nobody sees it again
            return false;
        }
    }

    private boolean verifyMac(Algorithm algorithm, byte[] data, int length, byte[] signature) {
        Queue<Mac> idle = macs.get(algorithm);
        if (idle == null) {
            return false;
        }
        try {
            Mac prepared = idle.poll();
            if (prepared == null) {
                prepared = Mac.getInstance(algorithm.jcaName());
                prepared.init(secret);
            }
            prepared.update(data, 0, length);
            byte[] expected = prepared.doFinal();
            idle.add(prepared);
            return MessageDigest.isEqual(expected, signature);
        } catch (GeneralSecurityException | RuntimeException bad) {
            return false;
        }
    }

    private Signature prepare(Algorithm algorithm) throws GeneralSecurityException {
        Provider preferred = provider.provider();
        if (preferred != null) {
            try {
                return prepare(algorithm, Signature.getInstance(algorithm.jcaName(), preferred));
            } catch (GeneralSecurityException | RuntimeException unsupported) {
                // not every provider has every algorithm
            }
        }
        return prepare(algorithm, Signature.getInstance(algorithm.jcaName()));
    }

    private Signature prepare(Algorithm algorithm, Signature signature) throws GeneralSecurityException {
        AlgorithmParameterSpec parameters = algorithm.parameters();
        if (parameters != null) {
            signature.setParameter(parameters);
        }
        signature.initVerify(key);
        return signature;
    }

    /// Whether `signature` has the length that signatures of this key have, and ECDSA's two numbers are within range
    /// (threat JW-04): not left to libraries alone.
    private boolean plausible(byte[] signature) {
        return switch (key) {
            case RSAPublicKey rsa -> signature.length == (rsa.getModulus().bitLength() + 7) / 8;
            case ECPublicKey ec -> {
                BigInteger order = ec.getParams().getOrder();
                int half = (order.bitLength() + 7) / 8;
                yield signature.length == half * 2
                        && withinOrder(signature, 0, half, order)
                        && withinOrder(signature, half, half * 2, order);
            }
            case null, default -> signature.length == 64;
        };
    }

    private static boolean withinOrder(byte[] signature, int start, int end, BigInteger order) {
        BigInteger number = new BigInteger(1, Arrays.copyOfRange(signature, start, end));
        return number.signum() > 0 && number.compareTo(order) < 0;
    }

    /// Its name and kind; never the key.
    @Override
    public String toString() {
        return family + " " + (id == null ? "without kid" : id);
    }
}
