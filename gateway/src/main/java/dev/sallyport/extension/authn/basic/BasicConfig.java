package dev.sallyport.extension.authn.basic;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.api.plugin.Range;
import dev.sallyport.api.plugin.Watched;
import java.nio.file.Path;
import java.time.Duration;

/// How `basic` is configured.
@OffLoop("control threads")
@Doc(
        "Names and passwords (RFC 7617), for small internal uses. Passwords are taken by TLS, behind a `public-url` of `https:`, or from this machine.")
public record BasicConfig(
        @Doc(
                "A file of users with hashed passwords; `sallyport key hash-password` hashes one. A change is in use within "
                        + "two seconds, without a reload; a file that is not usable leaves the users before it in use.")
        @Watched
        Path users,

        @Doc("What browsers show when they ask for a password.")
        @Default("gateway")
        @Matches(value = "[A-Za-z0-9 ._/-]{1,64}", expected = "letters, digits, spaces and ._/-")
        String realm,

        @Doc(
                "How long a right password is remembered, as a keyed hash in memory, so that not every request costs a slow "
                        + "one; 0s for not at all. A changed or removed user is not remembered.")
        @Default("60s")
        @Range(min = "0s", max = "1h")
        Duration remember) {}
