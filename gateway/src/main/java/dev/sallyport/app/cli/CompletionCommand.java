package dev.sallyport.app.cli;

import dev.sallyport.app.cli.outcome.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints a completion script for the shell.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a completion script for the shell.",
            "",
            "  source <(sallyport completion bash)     in ~/.bashrc",
            "  source <(sallyport completion zsh)      in ~/.zshrc, after compinit"
        })
final class CompletionCommand implements Callable<Integer> {
    /// The shells there is a script for.
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.BASH;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            spec.commandLine().getOut().println("autoload -U +X bashcompinit && bashcompinit");
        }
        spec.commandLine().getOut().print(AutoComplete.bash("sallyport", Main.commandLine()));
        return ExitCode.OK;
    }
}
