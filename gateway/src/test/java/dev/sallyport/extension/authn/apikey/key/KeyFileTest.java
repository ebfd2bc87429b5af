package dev.sallyport.extension.authn.apikey.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.api.exchange.AddressRange;
import dev.sallyport.api.identity.Claims;
import dev.sallyport.extension.authn.live.Holder;
import dev.sallyport.extension.authn.live.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyFileTest {
    static final Pepper PEPPER = new Pepper("0123456789abcdef0123456789abcdef");
    static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    @TempDir
    Path folder;

    private Instant now = NOW;
    private final InstantSource clock = () -> now;

    private KeyFile file() {
        return new KeyFile(folder.resolve("keys").resolve("partners.yaml"));
    }

    private KeyRing ring() {
        return new KeyRing(file(), clock);
    }

    static Holder acme() {
        return new Holder("acme", "a", List.of("partner"), Claims.of(Map.of("plan", "gold", "seats", 5)));
    }

    static KeyRecord.Term term() {
        return new KeyRecord.Term(
                Instant.EPOCH,
                NOW.plus(Duration.ofDays(90)),
                false,
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8::/32")),
                null,
                null);
    }

    @Test
    void AK_02_storesNothingAKeyCouldBeGuessedFrom() throws Exception {
        KeyRing.Issued issued = ring().create(PEPPER, acme(), term());
        String text = Files.readString(Path.of(file().toString()));
        String random = issued.key().substring(16);
        for (int i = 0; i + 4 <= random.length(); i++) {
            assertThat(text).doesNotContain(random.substring(i, i + 4));
        }
        byte[] plain = MessageDigest.getInstance("SHA-256").digest(issued.key().getBytes(StandardCharsets.US_ASCII));
        assertThat(text)
                .doesNotContain(HexFormat.of().formatHex(plain))
                .contains(HexFormat.of().formatHex(PEPPER.hash(issued.key())));
        assertThat(issued.toString() + issued.stored()).doesNotContain(random);
    }

    @Test
    void AK_02_isReadableByItsOwnerOnly() throws Exception {
        ring().create(PEPPER, acme(), term());
        assertThat(permissions()).isEqualTo("rw-------");
        Files.setPosixFilePermissions(Path.of(file().toString()), PosixFilePermissions.fromString("rw-r--r--"));
        ring().create(PEPPER, acme(), term());
        assertThat(permissions()).isEqualTo("rw-r-----");
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file().toString())));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws StoreException {
        KeyRecord made = ring().create(PEPPER, acme(), term()).stored();
        KeyRecord bare = ring().create(
                        PEPPER,
                        new Holder("123", null, List.of(), Claims.NONE),
                        new KeyRecord.Term(NOW, null, false, List.of(), null, null))
                .stored();
        assertThat(file().all()).containsOnly(Map.entry(made.id(), made), Map.entry(bare.id(), bare));
    }

    @Test
    void rotationOverlaps() throws StoreException {
        KeyRing.Issued first = ring().create(PEPPER, acme(), term());
        now = NOW.plus(Duration.ofDays(60));
        KeyRing.Issued second = ring().rotate(PEPPER, first.stored().id(), Duration.ofHours(24));

        assertThat(second.stored().holder()).isEqualTo(acme());
        assertThat(second.stored().term().replaces()).isEqualTo(first.stored().id());
        assertThat(second.stored().term().addresses()).isEqualTo(term().addresses());
        assertThat(second.stored().term().expires()).isEqualTo(now.plus(Duration.ofDays(90)));
        KeyRecord old = Objects.requireNonNull(file().all().get(first.stored().id()));
        assertThat(old.state(now)).isEqualTo(KeyRecord.State.REPLACED);
        assertThat(old.state(now.plus(Duration.ofHours(24)))).isEqualTo(KeyRecord.State.ENDED);
        assertThat(old.term().end()).isEqualTo(now.plus(Duration.ofHours(24)));
        assertThatThrownBy(() -> ring().rotate(PEPPER, first.stored().id(), Duration.ofHours(24)))
                .hasMessageContaining("replaced (expected: an active key");
    }

    @Test
    void revocationKeepsTheRecord() throws StoreException {
        String id = ring().create(PEPPER, acme(), term()).stored().id();
        ring().revoke(id);
        assertThat(ring().list()).singleElement().satisfies(key -> {
            assertThat(key.state(NOW)).isEqualTo(KeyRecord.State.DISABLED);
            assertThat(key.holder()).isEqualTo(acme());
        });
        assertThatThrownBy(() -> ring().revoke("nobody000000")).hasMessageContaining("there is no such key");
    }

    @Test
    void aFileThatWouldBeUnreadableIsNotTouched() throws Exception {
        KeyRing.Issued issued = ring().create(PEPPER, acme(), term());
        Path path = Path.of(file().toString());
        String broken = Files.readString(path).replace("owner: acme", "ownr: acme");
        Files.writeString(path, broken);
        assertThatThrownBy(() -> ring().create(PEPPER, acme(), term()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("keys." + issued.stored().id())
                .hasMessageContaining("owner: missing");
        assertThat(path).hasContent(broken);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: '2' | version: 2 (expected: \"1\")",
                "[] | a list (expected: a map)",
                "a: 1 | version: missing",
                "{ version: '1', kees: {} } | kees: unknown key (expected: version, keys)",
                "{ version: '1', keys: { x: {} } } | keys: x (expected: the id of a key",
                "{ version: '1', keys: { abcdefghijkl: {} } } | keys.abcdefghijkl.created: null",
                "{ version: '1', keys: [] } | keys: a list (expected: a map)",
                "{ version: '1', version: '1' } | not valid YAML",
                "'&a {x: *a}' | not valid YAML",
                "'!!java.io.File x' | not valid YAML",
                "'\"' | not valid YAML",
                "'' | empty (expected: a map)",
            })
    void saysWhatIsWrong(String text, String problem) throws IOException {
        Path path = Files.writeString(folder.resolve("keys.yaml"), text);
        assertThatThrownBy(() -> new KeyFile(path).poll())
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith(path.toString())
                .hasMessageContaining(problem);
    }

    @Test
    void AK_02_problemsDoNotShowHashes() throws Exception {
        ring().create(PEPPER, acme(), term());
        Path path = Path.of(file().toString());
        String text = Files.readString(path);
        String hash = text.replaceAll("(?s).*hash: (\\w+).*", "$1");
        Files.writeString(path, text.replace(hash, hash + "0"));
        assertThatThrownBy(() -> file().all())
                .hasMessageContaining("hash: not one")
                .hasMessageNotContaining(hash.substring(0, 8));
    }

    @Test
    void isReadOnlyWhenItChanged() throws Exception {
        ring().create(PEPPER, acme(), term());
        KeyFile file = file();
        assertThat(file.poll()).hasSize(1);
        assertThat(file.poll()).isNull();
        ring().create(PEPPER, acme(), term());
        assertThat(file.poll()).hasSize(2);
        Files.writeString(Path.of(file.toString()), "nonsense");
        assertThatThrownBy(file::poll).isInstanceOf(StoreException.class);
        assertThatThrownBy(file::poll).isInstanceOf(StoreException.class);
    }

    @Test
    void aLinkStaysALink() throws Exception {
        Path real = folder.resolve("real.yaml");
        new KeyFile(real).init();
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), real);
        new KeyRing(new KeyFile(link), clock).create(PEPPER, acme(), term());
        assertThat(link).isSymbolicLink();
        assertThat(new KeyFile(real).all()).hasSize(1);
    }

    /// Writes keys until it is killed; says which after each.
    static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws StoreException {
            KeyRing ring = new KeyRing(new KeyFile(Path.of(args[0])), InstantSource.system());
            while (true) {
                System.out.println(ring.create(PEPPER, acme(), term()).stored().id());
                System.out.flush();
            }
        }
    }

    @Test
    void survivesKill9OfItsWriters() throws Exception {
        Path path = folder.resolve("keys.yaml");
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            Process one = writer(path);
            Process other = writer(path);
            acknowledged.addAll(read(one, 3 + round * 7));
            other.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            acknowledged.addAll(read(one, 3));
            one.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            assertThat(new KeyFile(path).all().keySet()).containsAll(acknowledged);
        }
        new KeyRing(new KeyFile(path), clock).create(PEPPER, acme(), term());
        assertThat(new KeyFile(path).all()).hasSizeGreaterThan(acknowledged.size());
    }

    private static Process writer(Path path) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static List<String> read(Process process, int count) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader reader = process.inputReader();
        for (int i = 0; i < count; i++) {
            lines.add(reader.readLine());
        }
        assertThat(lines).doesNotContainNull();
        return lines;
    }
}
