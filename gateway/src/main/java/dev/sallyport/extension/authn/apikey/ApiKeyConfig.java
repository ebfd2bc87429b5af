package dev.sallyport.extension.authn.apikey;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Secret;
import dev.sallyport.api.plugin.Shorthand;
import dev.sallyport.api.plugin.Watched;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How `api-key` is configured.
@OffLoop("control threads")
@Doc("Keys of partners and programs, made by `sallyport key create` and stored as keyed hashes only.")
public record ApiKeyConfig(
        @Doc("Where callers put their key.") @Default("{}") From from,

        @Doc("Where keys are kept: a file, or PostgreSQL.") Keys keys,

        @Doc("What stored hashes of keys are keyed with, a random text of 32 characters or more. Left out: made by the "
                + "first `sallyport key create`, in the gateway's data folder.")
        @Nullable
        Secret pepper) {

    /// Where callers put their key.
    @Doc("Where callers put their key. A key in two places, or two keys, are refused.")
    public record From(
            @Doc("The header field.")
            @Default("X-Api-Key")
            @Matches(value = "[A-Za-z0-9-]{1,64}", expected = "the name of a header field: letters, digits and hyphens")
            String header,

            @Doc(
                    "The query parameter. Left out: none, which is better: queries end up in logs and histories. It is taken "
                            + "out of the request before it is forwarded, and out of the access log.")
            @Nullable
            @Matches(value = "[A-Za-z0-9_-]{1,64}", expected = "letters, digits, hyphens and underscores")
            String query) {}

    /// Where keys are kept.
    @Doc("Where keys are kept.")
    @Shorthand("file")
    public record Keys(
            @Doc(
                    "A file that `sallyport key` writes. A change is in use within two seconds, without a reload; a file that "
                            + "is not usable leaves the keys before it in use.")
            @Nullable
            @Watched
            Path file,

            @Doc("A PostgreSQL database, for several gateways.") @Nullable
            Postgres postgres) {
        public Keys {
            if ((file == null) == (postgres == null)) {
                throw new IllegalArgumentException(
                        (file == null ? "neither" : "both") + " of file and postgres (expected: one of them)");
            }
        }
    }

    /// A PostgreSQL database.
    @Doc("A PostgreSQL database whose tables `sallyport key init` makes. All keys are held in memory; requests never "
            + "wait for it.")
    public record Postgres(
            @Doc("`postgresql://host:port/database`, with parameters of the driver such as `sslrootcert` where needed. "
                    + "Other hosts than this one are reached with `sslmode=verify-full` unless it says otherwise.")
            @Matches(
                    value = "postgresql://[^/?#@\\s]+/[^?#@\\s]+(\\?[^#\\s]*)?",
                    expected = "postgresql://host:port/database, without a password in it")
            String url,

            @Doc("Who connects.") String user,

            @Doc("Its password. Left out: none, for servers that ask for none.") @Nullable
            Secret password,

            @Doc("How often changes are looked for: a revoked key is refused after this at the latest.")
            @Default("2s")
            @Range(min = "100ms", max = "1h")
            Duration checkEvery,

            @Doc("How long keys are taken as they were when the database cannot be reached; after that requests with a "
                    + "key are answered with 503.")
            @Default("5m")
            @Range(min = "1s", max = "24h")
            Duration staleAfter) {}
}
