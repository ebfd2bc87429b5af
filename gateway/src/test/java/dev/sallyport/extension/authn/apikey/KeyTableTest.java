package dev.sallyport.extension.authn.apikey;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.sallyport.api.access.Authentication;
import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.exchange.Exchange;
import dev.sallyport.api.exchange.Exchanges;
import dev.sallyport.api.exchange.Refusal;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.api.identity.Principal;
import dev.sallyport.extension.authn.apikey.key.KeyForm;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.live.Holder;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final Pepper PEPPER = new Pepper("0123456789abcdef0123456789abcdef");
    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");
    private static final Refusal INVALID = Refusal.of(401, "api-key-invalid", "Authentication failed", "Not valid.");

    private final SecureRandom random = new SecureRandom();
    private final List<KeyRecord> records = new ArrayList<>();
    private final List<Integer> hashed = new ArrayList<>();
    private final Exchange exchange = Exchanges.request().exchange();

    private String key(@Nullable Instant expires, boolean disabled, @Nullable Instant overlap, String... addresses) {
        String key = KeyForm.make(random);
        records.add(new KeyRecord(
                Objects.requireNonNull(KeyForm.id(key)),
                new Holder("acme", "a", List.of("partner"), Claims.of(Map.of("plan", "gold"))),
                new KeyRecord.Hash(HexFormat.of().formatHex(PEPPER.hash(key)), PEPPER.name()),
                new KeyRecord.Term(
                        NOW.minusSeconds(60),
                        expires,
                        disabled,
                        List.of(addresses).stream().map(AddressRange::parse).toList(),
                        null,
                        overlap)));
        return key;
    }

    private String good() {
        return key(null, false, null);
    }

    private KeyTable table() {
        return new KeyTable(
                records,
                "partners",
                (loop, key) -> {
                    hashed.add(key.length);
                    return PEPPER.mac().doFinal(key);
                },
                KeyTable.Refusals.of(INVALID));
    }

    private Authentication judge(String key) {
        return table().judge(key, exchange, NOW.getEpochSecond());
    }

    private String reason(String key) {
        return switch (judge(key)) {
            case Authentication.BadCredential bad -> bad.refusal().code();
            case Authentication.Proven _ -> "good";
            case Authentication other -> throw new AssertionError(other);
        };
    }

    @Test
    void aGoodKeyProvesItsOwner() {
        String key = key(NOW.plusSeconds(1), false, null, "192.0.2.0/24");
        Principal caller = ((Authentication.Proven) judge(key)).principal();
        assertThat(caller.id()).isEqualTo("acme");
        assertThat(caller.authenticator()).isEqualTo("partners");
        assertThat(caller.tenant()).isEqualTo("a");
        assertThat(caller.roles()).containsExactly("partner");
        assertThat(caller.claims().text("plan")).isEqualTo("gold");
        assertThat(caller.credential().id()).isEqualTo(KeyForm.id(key));
        assertThat(caller.credential().expiresAt()).isEqualTo(NOW.getEpochSecond() + 1);
        assertThat(caller.credential().issuedAt()).isEqualTo(NOW.getEpochSecond() - 60);
    }

    @Test
    void AK_04_refusesExpiredDisabledReplacedAndForeignOnes() {
        assertThat(reason(key(NOW, false, null))).isEqualTo("api-key-expired");
        assertThat(reason(key(NOW.plusSeconds(1), false, null))).isEqualTo("good");
        assertThat(reason(key(null, true, null))).isEqualTo("api-key-disabled");
        assertThat(reason(key(NOW.plusSeconds(99), false, NOW))).isEqualTo("api-key-expired");
        assertThat(reason(key(NOW.plusSeconds(99), false, NOW.plusSeconds(1)))).isEqualTo("good");
        assertThat(reason(key(null, false, null, "10.0.0.0/8", "2001:db8::/32")))
                .isEqualTo("api-key-address");
        assertThat(reason(key(null, false, null, "10.0.0.0/8", "192.0.2.7"))).isEqualTo("good");
        assertThat(reason(KeyForm.make(random))).isEqualTo("api-key-unknown");
    }

    @Test
    void AK_01_everyKeyCostsOneHashWhateverIsWrongWithIt() {
        List<String> keys = List.of(
                good(),
                key(NOW, false, null),
                key(null, true, null),
                key(null, false, null, "10.0.0.0/8"),
                KeyForm.make(random));
        for (String key : keys) {
            hashed.clear();
            judge(key);
            assertThat(hashed).containsExactly(KeyForm.LENGTH);
        }
        records.replaceAll(record -> new KeyRecord(
                record.id(), record.holder(), new KeyRecord.Hash("0".repeat(64), PEPPER.name()), record.term()));
        for (String key : keys.subList(0, 4)) {
            hashed.clear();
            assertThat(reason(key)).isEqualTo("api-key-wrong");
            assertThat(hashed).containsExactly(KeyForm.LENGTH);
        }
    }

    @Test
    void AK_01_hashesAreComparedInConstantTime() {
        Set<String> comparing = new ClassFileImporter()
                .importClasses(KeyTable.class).get(KeyTable.class).getMethodCallsFromSelf().stream()
                        .filter(call -> Set.of("equals", "isEqual", "compare", "mismatch")
                                .contains(call.getName()))
                        .filter(call -> call.getOrigin().getName().equals("judge"))
                        .map(call -> call.getTargetOwner().getSimpleName() + "." + call.getName())
                        .collect(Collectors.toSet());
        assertThat(comparing).containsExactly("MessageDigest.isEqual");
    }

    @Test
    void AK_07_theCallerIsToldTheSameWhateverIsWrong() {
        List<Authentication> all = List.of(
                judge("nonsense"),
                judge(KeyForm.make(random)),
                judge(key(NOW, false, null)),
                judge(key(null, true, null)),
                judge(key(null, false, null, "10.0.0.0/8")));
        assertThat(all).allSatisfy(found -> {
            Refusal refusal = ((Authentication.BadCredential) found).refusal();
            assertThat(refusal.because(INVALID.code())).isEqualTo(INVALID);
        });
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void AK_02_hashesOfAnotherPepperAreGoodForNothing() {
        String key = good();
        KeyTable table = KeyTable.of(
                records,
                new Pepper("another pepper, another pepper, another"),
                "partners",
                1,
                KeyTable.Refusals.of(INVALID));
        assertThat(table.size()).isZero();
        assertThat(table.judge(key, exchange, NOW.getEpochSecond())).isInstanceOf(Authentication.BadCredential.class);
        assertThat(KeyTable.of(records, PEPPER, "partners", 1, KeyTable.Refusals.of(INVALID))
                        .judge(key, exchange, NOW.getEpochSecond()))
                .isInstanceOf(Authentication.Proven.class);
    }
}
