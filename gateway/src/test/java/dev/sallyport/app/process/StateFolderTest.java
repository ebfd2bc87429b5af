package dev.sallyport.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    private static final StateFolder.Running SELF = new StateFolder.Running(
            ProcessHandle.current().pid(), "http://127.0.0.1:9901", "0123456789abcdef", "/etc/gateway.yaml");

    @TempDir
    Path temporary;

    @Test
    void whatIsLeftIsFoundAgain() throws IOException {
        StateFolder folder = new StateFolder(temporary.resolve("state"));
        folder.write(SELF);
        assertThat(folder.running()).containsExactly(SELF);
    }

    @Test
    void nobodyElseCanReadTheToken() throws IOException {
        Path folder = temporary.resolve("state");
        Path file = new StateFolder(folder).write(SELF);
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void processesThatAreGoneAreNotFound() throws IOException {
        Process gone = new ProcessBuilder("true").start();
        gone.onExit().join();
        StateFolder folder = new StateFolder(temporary);
        folder.write(new StateFolder.Running(gone.pid(), SELF.admin(), SELF.token(), SELF.config()));
        Files.writeString(temporary.resolve("not-one"), "a\nb\nc\n");
        Files.writeString(temporary.resolve(SELF.pid() + ".admin"), "cut off");
        assertThat(folder.running()).isEmpty();
    }

    @Test
    void theFolderIsTheUsersOwn() throws IOException {
        Map<String, String> set = Map.of("SALLYPORT_STATE_DIR", temporary.toString());
        assertThat(StateFolder.of(set::get).write(SELF)).startsWith(temporary);
        Map<String, String> runtime = Map.of("XDG_RUNTIME_DIR", temporary.toString());
        assertThat(StateFolder.of(runtime::get).write(SELF)).startsWith(temporary.resolve("sallyport"));
    }
}
