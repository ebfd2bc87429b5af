package dev.sallyport.extension.authn.basic;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.Fields;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.Source;
import dev.sallyport.extension.authn.live.StoreException;
import dev.sallyport.extension.authn.live.WatchedFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Users with hashed passwords in a YAML file.
@OffLoop("virtual threads and control threads")
final class UsersFile implements Source<UserTable> {
    private static final String VERSION = "1";

    private final Path file;
    private final WatchedFile watched;
    private final String authenticator;

    private UsersFile(Path file, String authenticator) {
        this.file = file;
        this.watched = new WatchedFile(file);
        this.authenticator = authenticator;
    }

    /// The users that `config` speaks of.
    static UsersFile of(BasicConfig config, String authenticator) {
        return new UsersFile(config.users(), authenticator);
    }

    @Override
    public @Nullable UserTable poll() throws StoreException {
        byte[] octets = watched.readIfChanged();
        if (octets == null) {
            return null;
        }
        try {
            return read(octets);
        } catch (StoreException e) {
            watched.forget();
            throw e;
        }
    }

    private UserTable read(byte[] octets) throws StoreException {
        Fields document = Fields.parse(file.toString(), octets);
        if (!VERSION.equals(document.required("version"))) {
            throw document.wrong("version", document.text("version"), "\"1\"");
        }
        Map<String, UserTable.User> users = new HashMap<>();
        for (Map.Entry<String, Fields> entry : document.entries("users").entrySet()) {
            String name = entry.getKey();
            if (name.indexOf(':') >= 0) {
                throw document.wrong("users", name, "a name without a colon");
            }
            users.put(name, user(name, entry.getValue()));
        }
        document.end();
        return new UserTable(users);
    }

    private UserTable.User user(String name, Fields fields) throws StoreException {
        try {
            Holder holder = new Holder(name, fields.text("tenant"), fields.texts("roles"), fields.claims("claims"));
            UserTable.User user = UserTable.User.of(
                    holder, PasswordHash.parse(fields.required("password")), fields.flag("disabled"), authenticator);
            fields.end();
            return user;
        } catch (IllegalArgumentException e) {
            throw new StoreException(file + ": users." + name + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return file.toString();
    }
}
