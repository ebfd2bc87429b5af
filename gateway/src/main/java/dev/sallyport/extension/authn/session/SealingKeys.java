package dev.sallyport.extension.authn.session;

import dev.sallyport.api.access.KeyInventory;
import dev.sallyport.api.access.KnownKey;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.state.SharedState;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The master keys that sessions are sealed with: made here, kept in a file that only the gateway's user can read, or
/// in
/// shared state where other gateways see it too (its store keeps everything sealed); followed by a new one every day,
/// and
/// forgotten when nothing they sealed can still be alive.
///
/// [#sealer()] and [#learn()] are for any thread; the rest reads and writes files and waits for shared state.
@OffLoop("virtual threads")
public final class SealingKeys implements KeyInventory {
    private static final Duration IN_USE = Duration.ofDays(1);
    private static final int OCTETS = 32;
    private static final String SPACE = "sealing-keys";
    private static final String FORM = ": not session keys (expected: number, second, key)";
    private static final int TRIES = 10;

    private final Path file;
    private final SharedState state;
    private final String name;
    private final Duration keep;
    private final InstantSource clock;
    private final String purpose;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile @Nullable Sealer sealer;

    /// @param file    one line per key: number, second of the epoch it was made, the key in base64
    /// @param state   in the place of the file, when it is shared
    /// @param longest how long a record may live
    /// @param purpose of the records
    public SealingKeys(Path file, SharedState state, Duration longest, InstantSource clock, String purpose) {
        this.file = file;
        this.state = state;
        this.name = Token.hash(purpose);
        this.keep = IN_USE.plus(longest);
        this.clock = clock;
        this.purpose = purpose;
    }

    /// What opens records, or null before [#ready()].
    public @Nullable Sealer sealer() {
        return sealer;
    }

    /// What seals records now: with a key that is not too old. Reads the file when it was not read yet, and writes
    /// it when a key is made.
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
                        state.shared() ? "shared state" : file.toString(),
                        known.isEmpty() ? "sealing" : "retired",
                        master.since(),
                        master.since().plus(keep)));
            }
        }
        return known;
    }

    /// The same, with the key that `sealed` names, which another gateway may have made.
    ///
    /// @throws IOException the keys cannot be read or written
    public Sealer readyFor(byte[] sealed) throws IOException {
        Sealer current = ready();
        return current.knows(sealed) || !state.shared() ? current : Waiting.on(learn());
    }

    /// What opens records, with the keys that other gateways have made by now. Never waits.
    public CompletionStage<Sealer> learn() {
        if (!state.shared()) {
            Sealer known = sealer;
            return known != null
                    ? CompletableFuture.completedStage(known)
                    : CompletableFuture.failedStage(new IllegalStateException("the keys of sessions are not read yet"));
        }
        return state.get(SPACE, name).thenApply(octets -> {
            if (octets == null) {
                throw new IllegalStateException("there are no keys of sessions yet");
            }
            return use(parse("shared state", new String(octets, StandardCharsets.US_ASCII)));
        });
    }

    private Sealer use(List<Sealer.Master> masters) {
        Sealer renewed = new Sealer(masters, purpose);
        sealer = renewed;
        return renewed;
    }

    private Sealer renew(Instant now) throws IOException {
        return state.shared() ? renewShared(now) : renewFile(now);
    }

    private Sealer renewFile(Instant now) throws IOException {
        List<Sealer.Master> masters;
        try {
            masters = parse(file.toString(), Files.readString(file, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException none) {
            masters = new ArrayList<>();
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (renewed(masters, now)) {
            write(text(masters));
        }
        return use(masters);
    }

    /// Of gateways that make a key at the same moment one is first; the others use its key.
    private Sealer renewShared(Instant now) throws IOException {
        try {
            for (int i = 0; i < TRIES; i++) {
                byte[] before = Waiting.on(state.get(SPACE, name));
                List<Sealer.Master> masters = before == null
                        ? new ArrayList<>()
                        : parse("shared state", new String(before, StandardCharsets.US_ASCII));
                if (!renewed(masters, now)) {
                    return use(masters);
                }
                byte[] after = text(masters).getBytes(StandardCharsets.US_ASCII);
                if (Waiting.on(state.replace(SPACE, name, before, after, kept()))) {
                    return use(masters);
                }
            }
            throw new IOException("shared state: no room for the keys of sessions");
        } catch (Waiting.StateException | IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Duration kept() {
        Duration longer = keep.plus(IN_USE);
        return longer.compareTo(SharedState.LONGEST_VALUE) > 0 ? SharedState.LONGEST_VALUE : longer;
    }

    /// Removes what has ended; whether that, or adding a key where the newest is too old, was a change to be kept.
    private boolean renewed(List<Sealer.Master> masters, Instant now) {
        masters.removeIf(master -> master.since().plus(keep).isBefore(now));
        if (!masters.isEmpty() && masters.getFirst().since().plus(IN_USE).isAfter(now)) {
            return false;
        }
        byte[] secret = new byte[OCTETS];
        SecureRandom random = new SecureRandom();
        random.nextBytes(secret);
        masters.addFirst(new Sealer.Master(random.nextInt(), now, secret));
        return true;
    }

    private static List<Sealer.Master> parse(String where, String text) {
        List<Sealer.Master> masters = new ArrayList<>();
        for (String line : text.lines().toList()) {
            String[] parts = line.split(" ", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException(where + FORM);
            }
            try {
                byte[] secret = Base64.getDecoder().decode(parts[2]);
                if (secret.length != OCTETS) {
                    throw new IllegalArgumentException(where + FORM);
                }
                masters.add(new Sealer.Master(
                        Integer.parseInt(parts[0]), Instant.ofEpochSecond(Long.parseLong(parts[1])), secret));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(where + FORM, e);
            }
        }
        return masters;
    }

    private static String text(List<Sealer.Master> masters) {
        StringBuilder text = new StringBuilder();
        for (Sealer.Master master : masters) {
            text.append(master.id())
                    .append(' ')
                    .append(master.since().getEpochSecond())
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(master.secret()))
                    .append('\n');
        }
        return text.toString();
    }

    /// Whole or not at all, also when the machine stops in between.
    private void write(String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel out = FileChannel.open(
                next,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = StandardCharsets.US_ASCII.encode(text);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
