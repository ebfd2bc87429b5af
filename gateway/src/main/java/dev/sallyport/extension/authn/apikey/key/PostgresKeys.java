package dev.sallyport.extension.authn.apikey.key;

import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// API keys in a PostgreSQL database. Looking for changes costs the database one row, unless there are any; one
/// connection is kept, and made anew when it fails.
@OffLoop("virtual threads and commands")
public final class PostgresKeys implements KeyStore {
    private static final String SECONDS = "5";
    private static final String HAS_NO_TABLES = "42P01";

    private final String url;
    private final Properties properties;
    private @Nullable Connection open;
    private Map<String, KeyRecord> known = new HashMap<>();
    private long revision = -1;

    /// @param url `postgresql://host:port/database`
    public PostgresKeys(String url, String user, @Nullable String password) {
        this.url = url;
        this.properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "sallyport");
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        if (!url.contains("sslmode=") && !isThisMachine(url)) {
            properties.setProperty("sslmode", "verify-full");
            if (!url.contains("sslrootcert=") && !url.contains("sslfactory=")) {
                properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            }
        }
    }

    private static boolean isThisMachine(String url) {
        return url.matches("postgresql://(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d+)?/.*");
    }

    /// What is done with a connection.
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T with(Connection connection) throws SQLException, StoreException;
    }

    /// Does `work` in one transaction that sees one state of the database.
    private <T extends @Nullable Object> T transaction(Work<T> work) throws StoreException {
        try {
            Connection connection = connection();
            try {
                T result = work.with(connection);
                connection.commit();
                return result;
            } catch (StoreException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            close();
            if (HAS_NO_TABLES.equals(e.getSQLState())) {
                throw new StoreException(this + ": has no tables for keys (expected: made by `sallyport key init`)", e);
            }
            throw new StoreException(this + ": " + e.getMessage(), e);
        }
    }

    private Connection connection() throws SQLException {
        Connection connection = open;
        if (connection == null || connection.isClosed()) {
            connection = DriverManager.getConnection("jdbc:" + url, properties);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            open = connection;
        }
        return connection;
    }

    @Override
    public @Nullable Map<String, KeyRecord> poll() throws StoreException {
        return transaction(connection -> {
            long now;
            long removal;
            try (Statement statement = connection.createStatement();
                    ResultSet row =
                            statement.executeQuery("select revision, removal from sallyport_api_key_revision")) {
                if (!row.next()) {
                    throw new StoreException(this + ": no revision (expected: made by `sallyport key init`)");
                }
                now = row.getLong(1);
                removal = row.getLong(2);
            }
            if (now == revision) {
                return null;
            }
            // a smaller number than before is another database, such as one restored from a copy
            boolean all = revision < 0 || removal > revision || now < revision;
            Map<String, KeyRecord> next = all ? new HashMap<>() : new HashMap<>(known);
            KeyRows.read(connection, all ? -1 : revision, next);
            known = next;
            revision = now;
            return Map.copyOf(next);
        });
    }

    @Override
    public Map<String, KeyRecord> all() throws StoreException {
        return transaction(PostgresKeys::load);
    }

    private static Map<String, KeyRecord> load(Connection connection) throws SQLException, StoreException {
        Map<String, KeyRecord> all = new TreeMap<>();
        KeyRows.read(connection, -1, all);
        return all;
    }

    @Override
    public Map<String, KeyRecord> edit(Edit edit) throws StoreException {
        return transaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                // one writer at a time; the state seen is that after the lock
                statement.execute("lock table sallyport_api_key_revision in exclusive mode");
            }
            Map<String, KeyRecord> before = load(connection);
            Map<String, KeyRecord> after = edit.apply(before);
            for (KeyRecord key : after.values()) {
                if (!key.equals(before.get(key.id()))) {
                    KeyRows.write(connection, key);
                }
            }
            for (String id : before.keySet()) {
                if (!after.containsKey(id)) {
                    delete(connection, id);
                }
            }
            return after;
        });
    }

    private static void delete(Connection connection, String id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from sallyport_api_key where id = ?")) {
            delete.setString(1, id);
            delete.executeUpdate();
        }
    }

    @Override
    public void forget() {
        revision = -1;
    }

    @Override
    public boolean init() throws StoreException {
        return transaction(connection -> {
            boolean there;
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select to_regclass('sallyport_api_key') is not null")) {
                there = row.next() && row.getBoolean(1);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(schema());
            }
            return !there;
        });
    }

    /// The statements that make the tables.
    public static String schema() {
        try (InputStream in = PostgresKeys.class.getResourceAsStream("schema.sql")) {
            return new String(Objects.requireNonNull(in, "part of the jar").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the jar can be read", e);
        }
    }

    @Override
    public void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException _) {
                // it was no good any more
            }
        }
    }

    @Override
    public String toString() {
        int parameters = url.indexOf('?');
        return parameters < 0 ? url : url.substring(0, parameters);
    }
}
