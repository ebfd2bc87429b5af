package dev.sallyport.extension.authn.apikey.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.extension.authn.live.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PepperFileTest {
    @TempDir
    Path folder;

    @Test
    void AK_05_theFirstUseMakesOneForItsOwnerOnly() throws Exception {
        Path data = folder.resolve("data");
        PepperFile file = PepperFile.in(data);
        assertThat(file.read()).isNull();
        Pepper made = file.readOrMake();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file.toString()))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(file.readOrMake().name()).isEqualTo(made.name());
        assertThat(PepperFile.in(folder.resolve("other")).readOrMake().name()).isNotEqualTo(made.name());
    }

    @Test
    void onlyOneIsMade() throws Exception {
        Set<String> names = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<String> made : IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(
                            () -> PepperFile.in(folder).readOrMake().name()))
                    .toList()) {
                names.add(made.get());
            }
        }
        assertThat(names).hasSize(1);
    }

    @Test
    void oneThatOthersCanReadIsRefused() throws Exception {
        PepperFile file = PepperFile.in(folder);
        file.readOrMake();
        Files.setPosixFilePermissions(Path.of(file.toString()), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(file::read).isInstanceOf(StoreException.class).hasMessageContaining("chmod 600");
    }

    @Test
    void aShortOneIsRefusedWithoutBeingShown() throws Exception {
        Path path = folder.resolve("api-key-pepper");
        Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(path, "swordfish");
        assertThatThrownBy(() -> PepperFile.in(folder).read())
                .hasMessageContaining("9 characters")
                .hasMessageNotContaining("swordfish");
    }
}
