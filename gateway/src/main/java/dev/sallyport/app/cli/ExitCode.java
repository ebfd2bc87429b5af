package dev.sallyport.app.cli;

/// What the command's exit says; stable, and told by `--help`.
final class ExitCode {
    static final int OK = 0;
    /// The configuration is not usable, or the gateway is not ready.
    static final int REFUSED = 1;
    /// The command line is wrong.
    static final int USAGE = 2;
    /// No gateway could be reached, or it did not accept the token.
    static final int UNREACHABLE = 3;
    /// The gateway could not start: a port is taken, say.
    static final int NOT_STARTED = 4;
    /// A bug.
    static final int INTERNAL = 70;

    private ExitCode() {}
}
