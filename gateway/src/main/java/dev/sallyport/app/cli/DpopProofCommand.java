package dev.sallyport.app.cli;

import dev.sallyport.app.cli.outcome.CommandFailure;
import dev.sallyport.app.cli.outcome.ExitCode;
import dev.sallyport.extension.authn.jose.sign.ProvingKey;
import dev.sallyport.extension.authn.live.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes proofs of possession for those who try things by hand.
@Command(
        name = "dpop-proof",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a proof of possession (DPoP, RFC 9449) for one request, so that curl can use tokens that are bound to",
            "a key: to get one, and to show it.",
            "",
            "The key is a JWK in a file, which is made, for its owner only, when it is not there. A proof is good once",
            "and for a minute."
        },
        footer = {
            "",
            "Examples:",
            "  curl -u app:$SECRET -d grant_type=client_credentials \\",
            "      -H \"DPoP: $(sallyport dpop-proof --key my.jwk --method POST --url $ISSUER/token)\" $ISSUER/token",
            "  curl -H \"Authorization: DPoP $TOKEN\" \\",
            "      -H \"DPoP: $(sallyport dpop-proof --key my.jwk --url $URL --token $TOKEN)\" $URL"
        })
final class DpopProofCommand implements Callable<Integer> {
    private static final int ID_OCTETS = 16;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The private key, a JWK; made where it is missing.")
    private Path file = Path.of("");

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            defaultValue = "GET",
            description = "The request's method (default: ${DEFAULT-VALUE}).")
    private String method = "GET";

    @Option(
            names = "--url",
            paramLabel = "URL",
            required = true,
            description = "The request's URL; a query makes no difference.")
    private String url = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "The access token that is shown with it; - for one line of standard input. Left out where "
                    + "none is shown, as when one is asked for.")
    private @Nullable String token;

    @Option(names = "--nonce", paramLabel = "NONCE", description = "What the field DPoP-Nonce of a response gave.")
    private @Nullable String nonce;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", id());
        claims.put("htm", method);
        claims.put("htu", target());
        claims.put("iat", Instant.now().getEpochSecond());
        String shown = "-".equals(token) ? line() : token;
        if (shown != null) {
            claims.put("ath", hash(shown));
        }
        if (nonce != null) {
            claims.put("nonce", nonce);
        }
        ProvingKey key = key();
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "dpop+jwt");
        header.put("jwk", key.publicJwk());
        spec.commandLine().getOut().println(key.sign(header, claims));
        return ExitCode.OK;
    }

    /// The URL without query and fragment (RFC 9449 §4.2).
    private String target() {
        try {
            URI uri = new URI(url);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
            }
        } catch (URISyntaxException _) {
            // said below
        }
        throw new ParameterException(
                spec.commandLine(),
                "--url: " + url + " (expected: an absolute URL, such as https://api.example.com/orders)");
    }

    private ProvingKey key() {
        try {
            if (!Files.exists(file)) {
                ProvingKey made = ProvingKey.generate();
                if (AtomicFile.create(file, made.text())) {
                    spec.commandLine().getErr().println("A new key: " + file);
                    return made;
                }
            }
            PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (view != null && !OWNER_ONLY.containsAll(view.readAttributes().permissions())) {
                throw refused(file + ": open to other users (expected: chmod 600)");
            }
            return ProvingKey.ofJwk(Files.readAllBytes(file));
        } catch (AccessDeniedException e) {
            throw refused(file + ": permission denied");
        } catch (IOException e) {
            throw refused(file + ": cannot be read or made: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw refused(file + ": " + e.getMessage());
        }
    }

    private static CommandFailure refused(String why) {
        return new CommandFailure(ExitCode.REFUSED, why);
    }

    private static String line() {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line != null && !line.isBlank()) {
                return line.strip();
            }
        } catch (IOException e) {
            throw refused("No token could be read: " + e.getMessage());
        }
        throw refused("No token came on standard input.");
    }

    private static String hash(String text) {
        try {
            return base64(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static String id() {
        byte[] octets = new byte[ID_OCTETS];
        new SecureRandom().nextBytes(octets);
        return base64(octets);
    }

    private static String base64(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
