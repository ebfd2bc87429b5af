package dev.sallyport.app.cli;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a commented configuration to start from.
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a commented configuration to start from.",
            "",
            "Beside it the JSON Schema that lets editors complete and check it. Never overwrites a configuration."
        })
final class InitCommand implements Callable<Integer> {
    private static final String SCHEMA = "sallyport.schema.json";

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "sallyport.yaml",
            description = "The file to write (default: ${DEFAULT-VALUE}).")
    private Path file = Path.of("sallyport.yaml");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path folder = file.toAbsolutePath().getParent();
        try (InputStream starter = InitCommand.class.getResourceAsStream("starter.yaml")) {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.copy(Objects.requireNonNull(starter, "the jar lacks the starter"), file);
            Files.writeString(file.resolveSibling(SCHEMA), SchemaCommand.schema());
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    ExitCode.REFUSED, file + " is there already and stays as it is (give another name)");
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.REFUSED, file + " cannot be written: " + e);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("Wrote " + file + ", and " + SCHEMA + " for editors. Next:");
        out.println("  sallyport validate " + file + "   what is wrong with it, and what it makes public");
        out.println("  sallyport run " + file);
        return ExitCode.OK;
    }
}
