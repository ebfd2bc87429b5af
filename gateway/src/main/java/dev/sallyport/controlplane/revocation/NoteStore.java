package dev.sallyport.controlplane.revocation;

import dev.sallyport.api.state.SharedState;
import dev.sallyport.controlplane.config.read.RecordReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Notes of one kind of all gateways: in shared state, from which each learns what the others were told, and in a
/// folder of this one, from which they come back. Blocks.
final class NoteStore {
    private static final int MOST = 10_000;
    private static final int MOST_BY_ONE = 1_000;
    private static final Duration STATE_WITHIN = Duration.ofSeconds(5);

    private final SharedState state;
    private final String space;
    private final NoteFolder folder;
    private final InstantSource clock;
    private Map<String, Shared> known = Map.of();

    /// A note as it is in shared state.
    @SuppressWarnings("ArrayRecordComponent") // compared by Arrays
    private record Shared(byte[] octets, RevocationNote note) {}

    /// @param space of the state
    NoteStore(SharedState state, String space, Path folder, InstantSource clock) {
        this.state = state;
        this.space = space;
        this.folder = new NoteFolder(folder);
        this.clock = clock;
    }

    /// Brings state and folder to the same, and tells what is revoked.
    ///
    /// @throws IOException one of them cannot be read or written; the message says why
    synchronized List<Revocation> all() throws IOException {
        Instant now = clock.instant();
        Map<String, RevocationNote> kept = folder.all();
        Map<String, Shared> shared = shared();
        Set<String> ids = new HashSet<>(kept.keySet());
        ids.addAll(shared.keySet());
        List<Revocation> revoked = new ArrayList<>();
        List<String> past = new ArrayList<>();
        for (String id : ids) {
            RevocationNote here = kept.get(id);
            Shared there = shared.get(id);
            RevocationNote latest = latest(here, there);
            if (!now.isBefore(latest.end())) {
                past.add(id);
                continue;
            }
            if (there == null || latest.laterThan(there.note)) {
                share(id, there, latest, now);
            }
            if (here == null || latest.laterThan(here)) {
                folder.put(id, latest);
            }
            if (!latest.undone()) {
                revoked.add(latest.revocation());
            }
        }
        folder.remove(past);
        return revoked;
    }

    private static RevocationNote latest(@Nullable RevocationNote here, @Nullable Shared there) {
        if (here == null || there == null) {
            return here == null ? Objects.requireNonNull(there).note : here;
        }
        return there.note.laterThan(here) ? there.note : here;
    }

    /// Notes that `revocation` is made (or `undone`); kept on the disk and told to the others when this returns.
    ///
    /// @param by the client that asked for it, or null for an operator
    /// @throws IOException it could not be, or there is no room for it
    synchronized void note(Revocation revocation, boolean undone, @Nullable String by) throws IOException {
        Instant now = clock.instant();
        Map<String, RevocationNote> kept = folder.all();
        Map<String, Shared> shared = shared();
        String id = revocation.id();
        if (!undone && !kept.containsKey(id) && kept.size() >= MOST) {
            throw new IOException(
                    kept.size() + " revocations are kept (expected: at most " + MOST + "; use a list file)");
        }
        if (by != null
                && kept.values().stream().filter(note -> by.equals(note.by())).count() >= MOST_BY_ONE) {
            // one that floods leaves room for the others
            throw new IOException(by + ": has revoked " + MOST_BY_ONE + " tokens that have not expired");
        }
        RevocationNote here = kept.get(id);
        Shared there = shared.get(id);
        Instant at = now;
        if (here != null || there != null) {
            // later than what it replaces, whatever the clocks of the others say
            Instant before = latest(here, there).at();
            at = now.isAfter(before) ? now : before.plusMillis(1);
        }
        RevocationNote note = new RevocationNote(revocation, at, undone, by);
        folder.put(id, note);
        share(id, there, note, now);
    }

    private void share(String id, @Nullable Shared before, RevocationNote note, Instant now) throws IOException {
        Instant longest = now.plus(RevocationNote.KEPT);
        Duration until = Duration.between(now, note.end().isAfter(longest) ? longest : note.end());
        if (until.toMillis() >= 1) {
            // when somebody else was faster, their note is looked at the next time
            await(state.replace(space, id, before == null ? null : before.octets, note.json(), until));
        }
    }

    private Map<String, Shared> shared() throws IOException {
        Map<String, Shared> next = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : await(state.all(space)).entrySet()) {
            Shared before = known.get(entry.getKey());
            if (before != null && Arrays.equals(before.octets, entry.getValue())) {
                next.put(entry.getKey(), before);
                continue;
            }
            RecordReader.Outcome<RevocationNote> read =
                    RecordReader.parse("shared state " + entry.getKey(), entry.getValue(), RevocationNote.class);
            RevocationNote note = read.value();
            if (note == null) {
                throw new IOException(read.complaint());
            }
            next.put(entry.getKey(), new Shared(entry.getValue(), note));
        }
        known = next;
        return next;
    }

    private static <T> T await(CompletionStage<T> stage) throws IOException {
        try {
            return stage.toCompletableFuture().get(STATE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new StateUnreachable("shared state: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new StateUnreachable("shared state: no answer within " + STATE_WITHIN.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
