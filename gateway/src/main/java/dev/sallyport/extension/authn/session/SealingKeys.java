package dev.sallyport.extension.authn.session;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The master keys that sessions are sealed with: made here, kept in a file that only the gateway's user can read,
/// followed by a new one every day, and forgotten when nothing they sealed can still be alive.
///
/// [#sealer()] is for any thread; the rest reads and writes files.
@OffLoop("virtual threads")
public final class SealingKeys implements KeyInventory {
    private static final Duration IN_USE = Duration.ofDays(1);
    private static final int OCTETS = 32;

    private final Path file;
    private final Duration keep;
    private final InstantSource clock;
    private final String purpose;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable Sealer sealer;

    /// @param file    one line per key: number, second of the epoch it was made, the key in base64
    /// @param longest how long a record may live
    /// @param purpose of the records
    public SealingKeys(Path file, Duration longest, InstantSource clock, String purpose) {
        this.file = file;
        this.keep = IN_USE.plus(longest);
        this.clock = clock;
        this.purpose = purpose;
    }

    /// What opens records, or null before [#ready()].
    public @Nullable Sealer sealer() {
        return sealer;
    }

    /// What seals records now: with a key that is not too old. Reads the file when it was not read yet, and writes it
    /// when a key is made.
    ///
    /// @throws IOException the file cannot be read or written
    public Sealer ready() throws IOException {
        Sealer current = sealer;
        Instant now = clock.instant();
        if (current != null && current.masters().getFirst().since().plus(IN_USE).isAfter(now)) {
            return current;
        }
        changing.lock();
        try {
            return renew(now);
        } finally {
            changing.unlock();
        }
    }

    @Override
    public List<KnownKey> knownKeys() {
        List<KnownKey> known = new ArrayList<>();
        Sealer current = sealer;
        if (current != null) {
            for (Sealer.Master master : current.masters()) {
                known.add(new KnownKey(
                        KnownKey.Use.SEAL,
                        Integer.toHexString(master.id()),
                        "A256GCM",
                        file.toString(),
                        known.isEmpty() ? "sealing" : "retired",
                        master.since(),
                        master.since().plus(keep)));
            }
        }
        return known;
    }

    private Sealer renew(Instant now) throws IOException {
        List<Sealer.Master> masters = new ArrayList<>(read());
        masters.removeIf(master -> master.since().plus(keep).isBefore(now));
        if (masters.isEmpty() || !masters.getFirst().since().plus(IN_USE).isAfter(now)) {
            byte[] secret = new byte[OCTETS];
            SecureRandom random = new SecureRandom();
            random.nextBytes(secret);
            masters.addFirst(new Sealer.Master(random.nextInt(), now, secret));
            write(masters);
        }
        Sealer renewed = new Sealer(masters, purpose);
        sealer = renewed;
        return renewed;
    }

    private List<Sealer.Master> read() throws IOException {
        List<Sealer.Master> masters = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
                String[] parts = line.split(" ", -1);
                byte[] secret = parts.length == 3 ? Base64.getDecoder().decode(parts[2]) : new byte[0];
                if (secret.length != OCTETS) {
                    throw new IOException(file + ": not a file of session keys (expected: number, second, key)");
                }
                Instant since = Instant.ofEpochSecond(Long.parseLong(parts[1]));
                masters.add(new Sealer.Master(Integer.parseInt(parts[0]), since, secret));
            }
        } catch (NoSuchFileException none) {
            return masters;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": not a file of session keys (expected: number, second, key)", e);
        }
        return masters;
    }

    /// Whole or not at all, also when the machine stops in between.
    private void write(List<Sealer.Master> masters) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Sealer.Master master : masters) {
            text.append(master.id())
                    .append(' ')
                    .append(master.since().getEpochSecond())
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(master.secret()))
                    .append('\n');
        }
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel out = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text.toString());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
