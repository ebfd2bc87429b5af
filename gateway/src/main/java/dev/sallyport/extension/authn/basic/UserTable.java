package dev.sallyport.extension.authn.basic;

import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.identity.Credential;
import dev.sallyport.extension.authn.live.Holder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The users that are known at a moment; immutable.
final class UserTable {
    private static final String HMAC = "HmacSHA256";
    private static final int KEY_OCTETS = 32;

    private final Map<String, User> users = new HashMap<>();
    private final List<PasswordHash> hashes;
    private final SecretKeySpec key;

    /// One user.
    ///
    /// @param proven what the right password proves
    record User(PasswordHash hash, boolean disabled, Authentication proven) {
        static User of(Holder holder, PasswordHash hash, boolean disabled, String authenticator) {
            Credential credential = Credential.of(Basic.KIND);
            return new User(hash, disabled, new Authentication.Proven(holder.principal(authenticator, credential)));
        }
    }

    UserTable(Map<String, User> users) {
        this.users.putAll(users);
        SecureRandom random = new SecureRandom();
        byte[] octets = new byte[KEY_OCTETS];
        random.nextBytes(octets);
        this.key = new SecretKeySpec(octets, HMAC);
        List<PasswordHash> stored = users.values().stream().map(User::hash).toList();
        this.hashes = stored.isEmpty() ? List.of(PasswordHash.argon2id("nobody", random)) : stored;
    }

    int size() {
        return users.size();
    }

    @Nullable
    User find(String name) {
        return users.get(name);
    }

    /// A stored hash to check for a name that nobody has, always the same for the same name: it costs what it costs
    /// for some user (threat AK-07).
    PasswordHash decoy(String name) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] sum = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            int number = (sum[0] & 0x7f) << 24 | (sum[1] & 0xff) << 16 | (sum[2] & 0xff) << 8 | (sum[3] & 0xff);
            return hashes.get(number % hashes.size());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has HMAC-SHA-256", e);
        }
    }
}
