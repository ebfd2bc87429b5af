package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The start script against JDKs and a Maven that only tell how they were called.
class StartScriptTest {
    private static final Path SCRIPT = Path.of("../sallyport").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private Path checkout = Path.of("");
    private Path userHome = Path.of("");
    private final Map<String, String> environment = new HashMap<>();

    /// What the script did.
    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void makeACheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("checkout"));
        userHome = Files.createDirectories(folder.resolve("home"));
        Files.copy(SCRIPT, checkout.resolve("sallyport"));
        Files.createDirectories(checkout.resolve("gateway/src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        Files.writeString(checkout.resolve("gateway/pom.xml"), "<project/>");
        environment.put("SALLYPORT_AOT", "off");
    }

    @Test
    void takesTheJdkOfJavaHome() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25.0.3").toString());
        Outcome run = run("status", "--format", "json");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("java one ").contains("-jar " + jar() + " status --format json");
    }

    @Test
    void passesOverOldOnesAndLooksInTheUsualFolders() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("old", "17.0.9").toString());
        Path newer = jdk("newer", "26");
        Files.createDirectories(userHome.resolve(".sdkman/candidates/java"));
        Files.createSymbolicLink(userHome.resolve(".sdkman/candidates/java/26"), newer);
        assertThat(run("version").out()).startsWith("java newer ").contains("-jar " + jar() + " version");
    }

    @Test
    void asksAJdkWithoutAReleaseFile() throws Exception {
        built();
        Path bare = jdk("bare", "25");
        Files.delete(bare.resolve("release"));
        environment.put("JAVA_HOME", bare.toString());
        assertThat(run("version").out()).startsWith("java bare ");
    }

    @Test
    void givesTheFlagsOfTheUserLast() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        environment.put("SALLYPORT_JAVA_OPTS", "-Xmx3g -Dx=y");
        assertThat(run("version").out())
                .contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .contains("-XX:+ExitOnOutOfMemoryError")
                .containsPattern("-Xmx512m .*-Xmx3g -Dx=y -jar");
    }

    @Test
    void sizesTheHeapUnlessTheUserDoes() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        assertThat(run("version").out()).contains("-Xms72m -XX:NewSize=48m");
        for (String size : List.of("-Xmx64m", "-Xms1g", "-Xmn20m", "-XX:MaxRAMPercentage=50", "-XX:MaxNewSize=9m")) {
            environment.put("SALLYPORT_JAVA_OPTS", "-Dx=y " + size);
            assertThat(run("version").out()).contains(size).doesNotContain("-Xms72m", "-XX:NewSize=48m");
        }
        environment.put("SALLYPORT_JAVA_OPTS", "-Dx=-Xy");
        assertThat(run("version").out()).contains("-Xms72m -XX:NewSize=48m");
    }

    @Test
    void keepsArgumentsWhole() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        assertThat(run("run", "a file.yaml", "*").out()).contains("run [a file.yaml] [*]");
    }

    @Test
    void worksThroughASymbolicLink() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        Path link = Files.createSymbolicLink(folder.resolve("link"), checkout.resolve("sallyport"));
        assertThat(runScript(link, "version").out()).contains("-jar " + jar());
    }

    @Test
    void buildsOnFirstUseAndSaysSo() throws Exception {
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        maven(0);
        Outcome first = run("version");
        assertThat(first.err()).contains("First use: building", "compiling", "packing", "Built.");
        assertThat(first.out()).contains("-jar " + jar());
        assertThat(run("version").err()).isEmpty();
    }

    @Test
    void buildsAgainWhenSourcesAreNewer() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        maven(0);
        assertThat(run("version").err()).isEmpty();
        Files.writeString(checkout.resolve("gateway/src/main/New.java"), "class New {}");
        assertThat(run("version").err()).contains("Sources have changed");
    }

    @Test
    void saysWhatIsMissingWithoutMaven() throws Exception {
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        Outcome run = run("version");
        assertThat(run.code()).isEqualTo(69);
        assertThat(run.err()).contains("needs Maven");
    }

    @Test
    void showsTheErrorsOfAFailedBuild() throws Exception {
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        maven(1);
        Outcome run = run("version");
        assertThat(run.code()).isEqualTo(69);
        assertThat(run.err()).contains("[ERROR] it does not compile", "build.log");
    }

    @Test
    void startsWithoutTheCacheThatCannotBeMade() throws Exception {
        built();
        environment.put("JAVA_HOME", jdk("one", "25").toString());
        environment.remove("SALLYPORT_AOT");
        Outcome run = run("run", "x.yaml");
        assertThat(run.err()).contains("Preparing fast starts", "going on without");
        assertThat(run.out()).contains("-jar " + jar() + " run [x.yaml]").doesNotContain("AOTCache=");
        assertThat(run("run", "x.yaml").err()).doesNotContain("Preparing fast starts");
    }

    @Test
    void startsWithTheCacheThatWasMade() throws Exception {
        built();
        Path jdk = jdk("one", "25");
        Files.writeString(jdk.resolve("trains"), "");
        environment.put("JAVA_HOME", jdk.toString());
        environment.remove("SALLYPORT_AOT");
        assertThat(run("run", "x.yaml").out()).contains("-XX:AOTCache=");
        Outcome second = run("run", "x.yaml");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).contains("-XX:AOTCache=");
    }

    private Path jar() {
        return checkout.resolve("gateway/target/sallyport.jar");
    }

    private void built() throws IOException {
        Files.createDirectories(jar().getParent());
        Files.writeString(jar(), "");
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now().plusSeconds(1)));
        Files.setLastModifiedTime(
                checkout.resolve("gateway/src/main"),
                FileTime.from(Instant.now().minusSeconds(60)));
        for (String pom : List.of("pom.xml", "gateway/pom.xml")) {
            Files.setLastModifiedTime(
                    checkout.resolve(pom), FileTime.from(Instant.now().minusSeconds(60)));
        }
        Files.setLastModifiedTime(jar(), FileTime.from(Instant.now()));
    }

    /// A JDK whose `java` prints its name and arguments; it makes a cache when it has a file `trains`.
    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdks").resolve(name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        script(home.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in
                  *-version*) echo 'openjdk version "%s" 2026-01-01' >&2; exit 0;;
                  *AOTCacheOutput=*)
                    [ -f '%s/trains' ] || exit 1
                    for a in "$@"; do case "$a" in -XX:AOTCacheOutput=*) echo x > "${a#*=}";; esac; done
                    exit 0;;
                esac
                printf 'java %s'
                for a in "$@"; do
                  case "$a" in *' '*|*.yaml|'*') printf ' [%%s]' "$a";; *) printf ' %%s' "$a";; esac
                done
                echo
                """.formatted(version, home, name));
        return home;
    }

    /// A Maven that packs an empty jar, or fails.
    private void maven(int code) throws IOException {
        script(folder.resolve("tools/mvn"), """
                #!/bin/sh
                [ "$1" = -v ] && exit 0
                echo '[INFO] --- maven-compiler-plugin:3.16.0:compile (default-compile) @ gateway ---'
                echo '[INFO] --- maven-jar-plugin:3.5.1:jar (default-jar) @ gateway ---'
                [ %d = 0 ] || echo '[ERROR] it does not compile'
                [ %d = 0 ] && : > '%s'
                exit %d
                """.formatted(code, code, jar(), code));
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Outcome run(String... args) throws IOException, InterruptedException {
        return runScript(checkout.resolve("sallyport"), args);
    }

    private Outcome runScript(Path script, String... args) throws IOException, InterruptedException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of(
                "bash",
                "sh",
                "sed",
                "head",
                "find",
                "grep",
                "cat",
                "dirname",
                "readlink",
                "mkdir",
                "rmdir",
                "rm",
                "mv",
                "ls",
                "tr",
                "cksum",
                "tee",
                "sleep",
                "nproc",
                "getconf")) {
            if (!Files.exists(tools.resolve(tool))) {
                String real = Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin/" : "/bin/";
                script(tools.resolve(tool), "#!/bin/sh\nexec " + real + tool + " \"$@\"\n");
            }
        }
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", userHome.toString());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int code = builder.redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start()
                .waitFor();
        return new Outcome(
                code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }
}
