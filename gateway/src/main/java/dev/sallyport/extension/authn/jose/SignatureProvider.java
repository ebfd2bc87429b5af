package dev.sallyport.extension.authn.jose;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import org.jspecify.annotations.Nullable;

/// Whose code checks signatures: the Amazon Corretto Crypto Provider where it runs, the JDK elsewhere.
///
/// The provider is asked by name of the object, never installed: TLS and everything else stay with what they had.
public final class SignatureProvider {
    /// The JDK.
    public static final SignatureProvider JDK = new SignatureProvider(null);

    private final @Nullable Provider provider;

    SignatureProvider(@Nullable Provider provider) {
        this.provider = provider;
    }

    /// The fastest one that works on this machine.
    public static SignatureProvider fastest() {
        return Fastest.FOUND;
    }

    /// Loaded with its first use only: it is native code.
    private static final class Fastest {
        private static final SignatureProvider FOUND = find();

        private static SignatureProvider find() {
            try {
                AmazonCorrettoCryptoProvider corretto = AmazonCorrettoCryptoProvider.INSTANCE;
                if (corretto.getLoadingError() == null) {
                    return new SignatureProvider(corretto);
                }
            } catch (LinkageError | RuntimeException absent) {
                // not for this machine: the JDK does it
            }
            return JDK;
        }
    }

    /// Null for those that the JDK finds.
    public @Nullable Provider provider() {
        return provider;
    }

    /// What to call it in logs.
    public String name() {
        return provider == null ? "JDK" : provider.getName();
    }
}
