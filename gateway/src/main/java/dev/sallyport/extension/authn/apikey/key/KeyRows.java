package dev.sallyport.extension.authn.apikey.key;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.json.StrictJson;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// API keys as rows of a table.
@OffLoop("virtual threads and commands")
final class KeyRows {
    private static final String READ = "select id, owner, tenant, roles, claims::text, hash, pepper, created, expires,"
            + " disabled, addresses::text[], replaces, overlap_until from sallyport_api_key where revision > ?";
    private static final String WRITE = "insert into sallyport_api_key (id, owner, tenant, roles, claims, hash, pepper,"
            + " created, expires, disabled, addresses, replaces, overlap_until)"
            + " values (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?::inet[], ?, ?)"
            + " on conflict (id) do update set owner = excluded.owner, tenant = excluded.tenant, roles = excluded.roles,"
            + " claims = excluded.claims, hash = excluded.hash, pepper = excluded.pepper, created = excluded.created,"
            + " expires = excluded.expires, disabled = excluded.disabled, addresses = excluded.addresses,"
            + " replaces = excluded.replaces, overlap_until = excluded.overlap_until";
    private static final int FETCHED_AT_ONCE = 10_000;

    private KeyRows() {}

    /// Puts every key whose row changed after `revision` into `keys`.
    ///
    /// @throws StoreException a row is no key
    static void read(Connection connection, long revision, Map<String, KeyRecord> keys)
            throws SQLException, StoreException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setLong(1, revision);
            statement.setFetchSize(FETCHED_AT_ONCE);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    KeyRecord key = key(row);
                    keys.put(key.id(), key);
                }
            }
        }
    }

    private static KeyRecord key(ResultSet row) throws SQLException, StoreException {
        String id = row.getString("id");
        try {
            Map<String, @Nullable Object> claims =
                    StrictJson.object(row.getString("claims").getBytes(StandardCharsets.UTF_8));
            if (claims == null) {
                throw new IllegalArgumentException("claims: not usable (expected: an object of JSON)");
            }
            List<AddressRange> addresses = new ArrayList<>();
            for (String text : texts(row.getArray("addresses"))) {
                addresses.add(AddressRange.parse(text));
            }
            Instant created = moment(row, "created");
            return new KeyRecord(
                    id,
                    new Holder(
                            row.getString("owner"),
                            row.getString("tenant"),
                            texts(row.getArray("roles")),
                            Claims.of(claims)),
                    new KeyRecord.Hash(row.getString("hash"), row.getString("pepper")),
                    new KeyRecord.Term(
                            created == null ? Instant.EPOCH : created,
                            moment(row, "expires"),
                            row.getBoolean("disabled"),
                            addresses,
                            row.getString("replaces"),
                            moment(row, "overlap_until")));
        } catch (IllegalArgumentException e) {
            throw new StoreException("sallyport_api_key " + id + ": " + e.getMessage(), e);
        }
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }

    private static @Nullable Instant moment(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static void write(Connection connection, KeyRecord key) throws SQLException {
        KeyRecord.Term term = key.term();
        try (PreparedStatement row = connection.prepareStatement(WRITE)) {
            row.setString(1, key.id());
            row.setString(2, key.holder().id());
            row.setString(3, key.holder().tenant());
            row.setArray(4, array(connection, key.holder().roles()));
            row.setString(5, JSONObjectUtils.toJSONString(key.holder().claims().all()));
            row.setString(6, key.hash().hex());
            row.setString(7, key.hash().pepper());
            row.setObject(8, time(term.created()));
            row.setObject(9, time(term.expires()));
            row.setBoolean(10, term.disabled());
            row.setArray(
                    11,
                    array(
                            connection,
                            term.addresses().stream()
                                    .map(AddressRange::toString)
                                    .toList()));
            row.setString(12, term.replaces());
            row.setObject(13, time(term.overlapUntil()));
            row.executeUpdate();
        }
    }

    private static Array array(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant moment) {
        return moment == null ? null : moment.atOffset(ZoneOffset.UTC);
    }
}
