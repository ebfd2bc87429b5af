package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.apikey.key.KeyFile;
import dev.sallyport.extension.authn.apikey.key.KeyForm;
import dev.sallyport.extension.authn.apikey.key.KeyRecord;
import dev.sallyport.extension.authn.apikey.key.Pepper;
import dev.sallyport.extension.authn.live.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCommandTest {
    private static final String PEPPER = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void writePepper() throws IOException {
        file = folder.resolve("keys").resolve("partners.yaml");
        Files.createFile(
                folder.resolve("pepper"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(folder.resolve("pepper"), PEPPER + "\n");
        Files.writeString(folder.resolve("gateway.yaml"), """
                version: 1
                authenticators:
                  partners:
                    kind: api-key
                    keys: keys/partners.yaml
                    pepper: "${file:pepper}"
                """);
    }

    /// What a command did.
    private record Outcome(int code, String out, String err) {}

    private static Outcome run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        return new Outcome(code, out.toString(), err.toString());
    }

    private Outcome key(String command, String... args) {
        List<String> all = new ArrayList<>(List.of("key", command));
        all.addAll(List.of(args));
        all.addAll(List.of(
                "--file",
                file.toString(),
                "--pepper-file",
                folder.resolve("pepper").toString()));
        return run(all.toArray(String[]::new));
    }

    private KeyRecord stored(String id) throws StoreException {
        return Objects.requireNonNull(new KeyFile(file).all().get(id));
    }

    @Test
    void createPrintsTheKeyAloneAndOnce() throws StoreException {
        Outcome made = key(
                "create",
                "--owner",
                "acme",
                "--tenant",
                "a",
                "--role",
                "partner",
                "--role",
                "reader",
                "--expires",
                "90d",
                "--address",
                "10.0.0.0/8",
                "--claim",
                "plan=gold");
        assertThat(made.code()).as(made.err()).isZero();
        String key = made.out().strip();
        String id = Objects.requireNonNull(KeyForm.id(key));
        assertThat(made.err()).contains(id, "acme", "only time it is shown").doesNotContain(key);
        KeyRecord stored = stored(id);
        assertThat(stored.hash().hex()).isEqualTo(HexFormat.of().formatHex(new Pepper(PEPPER).hash(key)));
        assertThat(stored.holder().roles()).containsExactly("partner", "reader");
        assertThat(stored.holder().claims().text("plan")).isEqualTo("gold");
        assertThat(stored.term().addresses()).hasToString("[10.0.0.0/8]");
        assertThat(key("list").out() + key("list", "--json").out())
                .contains(id, "acme", "active")
                .doesNotContain(key.substring(16))
                .doesNotContain(stored.hash().hex());
    }

    @Test
    void rotateAndRevoke() throws StoreException {
        String first = Objects.requireNonNull(
                KeyForm.id(key("create", "--owner", "acme").out().strip()));
        Outcome rotated = key("rotate", first, "--overlap", "1h", "--json");
        assertThat(rotated.code()).as(rotated.err()).isZero();
        assertThat(rotated.out()).contains("\"key\": \"sp_", "\"replaces\": \"" + first + "\"");
        assertThat(key("list").out()).contains("replaced", "active");

        Outcome revoked = key("revoke", first);
        assertThat(revoked.code()).isZero();
        assertThat(revoked.out()).contains("Revoked. Id " + first);
        assertThat(stored(first).term().disabled()).isTrue();
        assertThat(key("revoke", "AAAAAAAAAAAA").code()).isEqualTo(ExitCode.REFUSED);
        assertThat(key("rotate", first).err()).contains("disabled (expected: an active key");
    }

    @Test
    void worksOnWhatAConfigurationSays() throws StoreException {
        String config = folder.resolve("gateway.yaml").toString();
        assertThat(run("key", "init", "--config", config).out()).contains("is ready for keys");
        assertThat(run("key", "init", "--config", config).out()).contains("was ready for keys before");
        Outcome made = run("key", "create", "--config", config, "--authenticator", "partners", "--owner", "acme");
        assertThat(made.code()).as(made.err()).isZero();
        String id = Objects.requireNonNull(KeyForm.id(made.out().strip()));
        assertThat(stored(id).hash().pepper()).isEqualTo(new Pepper(PEPPER).name());
        Outcome none = run("key", "list", "--config", config, "--authenticator", "others");
        assertThat(none.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(none.err()).contains("no authenticator of kind api-key called others");
    }

    @Test
    void initPrintsStatements() {
        assertThat(key("init", "--sql").out()).contains("create table if not exists sallyport_api_key");
        assertThat(file).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereHasNoKeys() {
        Outcome list = key("list");
        assertThat(list.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(list.err()).contains("partners.yaml: there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "list", "revoke", "rotate", "init", "hash-password"})
    void everyCommandExplainsItself(String command) {
        Outcome help = run("key", command, "--help");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("Usage: sallyport key " + command);
        assertThat(run("completion", "bash").out()).contains("key_" + command.replace("-", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key",
                "key create --owner x",
                "key create --file f.yaml",
                "key create --file f.yaml --owner x --address nowhere",
                "key create --file f.yaml --owner x --expires soon",
                "key list --file f.yaml --config g.yaml",
                "key list --authenticator x",
                "key revoke --file f.yaml"
            })
    void mistakesAreUsageErrors(String line) {
        assertThat(run(line.split(" ")).code()).isEqualTo(ExitCode.USAGE);
    }
}
