package dev.sallyport.app.cli.key;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.basic.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Hashes a password for the authenticator `basic`.
@Command(
        name = "hash-password",
        mixinStandardHelpOptions = true,
        description = {
            "Hashes a password for a users file of the authenticator basic.",
            "",
            "Asks for the password, or reads one line of standard input; never from the command line, where others",
            "see it."
        })
final class HashPasswordCommand implements Callable<Integer> {
    private static final int SHORTEST = 12;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "argon2id",
            description = "argon2id or bcrypt (default: ${DEFAULT-VALUE}).")
    private Method method = Method.ARGON2ID;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    /// How passwords are hashed.
    enum Method {
        ARGON2ID,
        BCRYPT
    }

    @Override
    public Integer call() {
        String password = password();
        if (password == null || password.codePointCount(0, password.length()) < SHORTEST) {
            throw new CommandFailure(
                    ExitCode.REFUSED, "The password is too short (expected: " + SHORTEST + " characters or more).");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            throw new CommandFailure(ExitCode.REFUSED, "The password holds a control character (expected: none).");
        }
        try {
            SecureRandom random = new SecureRandom();
            PasswordHash hash = switch (method) {
                case ARGON2ID -> PasswordHash.argon2id(password, random);
                case BCRYPT -> PasswordHash.bcrypt(password, random);
            };
            spec.commandLine().getOut().println(hash.text());
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw KeyPlace.refused(e);
        }
    }

    private static @Nullable String password() {
        Console console = Objects.requireNonNull(System.console(), "there since JDK 22");
        if (console.isTerminal()) {
            char[] typed = console.readPassword("Password: ");
            char[] again = console.readPassword("Again: ");
            if (!Arrays.equals(typed, again)) {
                throw new CommandFailure(ExitCode.REFUSED, "The two are not the same.");
            }
            return typed == null ? null : new String(typed);
        }
        try {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.REFUSED, "No password could be read: " + e.getMessage());
        }
    }
}
