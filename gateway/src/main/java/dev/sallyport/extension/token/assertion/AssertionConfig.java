package dev.sallyport.extension.token.assertion;

import dev.sallyport.api.plugin.Default;
import dev.sallyport.api.plugin.Doc;
import dev.sallyport.api.plugin.Matches;
import dev.sallyport.api.plugin.Range;
import java.time.Duration;
import java.util.List;

/// The configuration of `assert-identity`.
@Doc("Tells the servers who calls, in a short-lived JWT that the gateway signs with its own key (see `gateway-keys`). "
        + "Nothing is asserted of anonymous callers, and what a client sends in that field is removed.")
public record AssertionConfig(
        @Doc("Its `aud`: the name by which these servers know themselves.")
        @Matches(value = "[!-~]{1,200}", expected = "1 to 200 printable ASCII characters without spaces")
        String audience,

        @Doc("How long each token counts, at most until the caller's own credential ends.")
        @Default("60s")
        @Range(min = "5s", max = "10m")
        Duration lifetime,

        @Doc("The field it is sent in. In `Authorization` it follows `Bearer`.")
        @Default("Sallyport-Identity")
        @Matches(value = "[!#$%&'*+^`|~0-9A-Za-z-]+", expected = "a field name of letters, digits and -")
        String header,

        @Doc("Claims of the caller's credential that are repeated in it, by name.") @Default("[]")
        List<String> claims,

        @Doc("Its `iss`: the name by which the servers know this gateway.")
        @Default("sallyport")
        @Matches(value = "[!-~]{1,200}", expected = "1 to 200 printable ASCII characters without spaces")
        String issuer,

        @Doc("The `typ` of its header; `JWT` for servers that refuse others.")
        @Default("sallyport-identity+jwt")
        @Matches(value = "[A-Za-z0-9.+-]{1,64}", expected = "a media type without `application/`")
        String tokenType) {}
