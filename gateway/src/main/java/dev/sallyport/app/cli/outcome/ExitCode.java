package dev.sallyport.app.cli.outcome;

/// What the command's exit says; stable, and told by `--help`.
public final class ExitCode {
    public static final int OK = 0;
    /// The configuration is not usable, the gateway is not ready, or an explained request does not pass.
    public static final int REFUSED = 1;
    /// The command line is wrong, or there is no answer to what it asks to be explained.
    public static final int USAGE = 2;
    /// No gateway could be reached, or it did not accept the token.
    public static final int UNREACHABLE = 3;
    /// Somebody has to look at it: `access --diff` found that somebody may more, `audit` found what counts, or what is
    /// explained depends on a policy server that was not asked.
    public static final int REVIEW = 3;
    /// The gateway could not start: a port is taken, say.
    public static final int NOT_STARTED = 4;
    /// A bug.
    public static final int INTERNAL = 70;

    private ExitCode() {}
}
