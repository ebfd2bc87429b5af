package dev.sallyport.app.cli.outcome;

/// The end of a command that could not do its work, in words for its user.
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /// A failure.
    ///
    /// @param message for whoever typed the command
    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
