package dev.sallyport.controlplane.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testing.FakeServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is true of a revocation as soon as whoever made it is told that it is noted.
class NoteStoreTest {
    private static final Revocation LOST = new Revocation("token-7", null, null, null, null, null, null, null, "");

    private @TempDir Path folder = Path.of("");
    private final FakeServices services = new FakeServices();

    private static NoteStore store(FakeServices services, Path folder) {
        return new NoteStore(services.state(), "notes", folder, services.clock());
    }

    @Test
    void OA_15_otherGatewaysFindANoteAtOnce() throws IOException {
        store(services, folder.resolve("one")).note(LOST, false, null);
        assertThat(store(services, folder.resolve("two")).all()).containsExactly(LOST);
    }

    @Test
    void OA_15_aNoteIsOnTheDiskAtOnce() throws IOException {
        store(services, folder.resolve("one")).note(LOST, false, null);
        assertThat(store(new FakeServices(), folder.resolve("one")).all()).containsExactly(LOST);
    }

    @Test
    void OA_15_whatIsTakenBackIsSoEverywhere() throws IOException {
        NoteStore one = store(services, folder.resolve("one"));
        NoteStore two = store(services, folder.resolve("two"));
        one.note(LOST, false, null);
        assertThat(two.all()).containsExactly(LOST);
        two.note(LOST, true, null);
        assertThat(one.all()).isEmpty();
        assertThat(store(new FakeServices(), folder.resolve("one")).all()).isEmpty();
    }

    @Test
    void OA_15_notesAreForTheirOwnerOnly() throws IOException {
        Path notes = folder.resolve("one");
        store(services, notes).note(LOST, false, null);
        assertThat(permissions(notes)).isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(notes)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            assertThat(permissions(all.getFirst())).isEqualTo("rw-------");
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
